import { compose } from './changed.ts'
import { parseResources, type Resource } from './rendered.ts'

const rendered = new Map<string, string>()

/** What `compose` renders, once per list of components. */
export function composed(components: readonly string[]): string {
  const name = components.join()
  const text = rendered.get(name) ?? compose(components)
  rendered.set(name, text)
  return text
}

export const objectsOf = (components: readonly string[]): Resource[] =>
  parseResources(composed(components))

/** The service's own object of a kind. */
export const serviceObject = (
  components: readonly string[],
  kind: string,
  apiVersion?: string,
): Resource | undefined =>
  objectsOf(components).find(
    (each) =>
      each.kind === kind &&
      each.metadata.name === 'polarity' &&
      (!apiVersion || each.apiVersion === apiVersion),
  )
