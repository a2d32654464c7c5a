/** What may be instead of this, in what is only hoped to be one. */
export type Fields<T> = { readonly [Name in keyof T]?: unknown }

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** `undefined` if it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const toText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined
