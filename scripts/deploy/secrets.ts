/** Names of secrets, by how pods use them. */
interface Secrets {
  /** Read once, when a container starts. */
  readonly environment: Set<string>
  /** The kubelet changes the files. */
  readonly mounted: Set<string>
}

/** The secrets that objects refer to, at any depth. */
export function secretsOf(objects: unknown): Secrets {
  const secrets: Secrets = { environment: new Set(), mounted: new Set() }
  collect(objects, secrets)
  return secrets
}

function collect(value: unknown, secrets: Secrets): void {
  for (const [key, child] of entriesOf(value)) {
    if (key === 'secretName') add(child, secrets.mounted)
    else if (key === 'secretKeyRef' || key === 'secretRef')
      add(Object.fromEntries(entriesOf(child)).name, secrets.environment)
    else collect(child, secrets)
  }
}

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : []

function add(name: unknown, names: Set<string>): void {
  if (typeof name === 'string') names.add(name)
}
