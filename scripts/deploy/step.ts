/** An object of the cluster that the manifests no longer have. */
export interface Stale {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace: string }
}

/** What the steps have found out so far, for those after them. */
export interface Known {
  /** The registry's, of the image: `sha256:` and 64 digits. */
  digest: string | undefined
  /** The namespace is in the cluster already. */
  hasNamespace: boolean
  /** Types that the cluster serves, as `kubectl get` names them, by kind and group. */
  types: ReadonlyMap<string, string> | undefined
  /** Changes with each change of a secret; by its name. */
  readonly secrets: Map<string, string>
  /** The pod templates that `kubectl rollout undo` can go back to, as JSON. */
  history: string
  stale: readonly Stale[]
}

/** One command of a deployment; each is idempotent. */
export interface Step {
  readonly command: readonly string[] | ((known: Known) => readonly string[])
  /** Standard input, and the name that a dry run shows for it. */
  readonly input?: { readonly name: string; readonly text: (known: Known) => string }
  /** The step is skipped if this command succeeds. */
  readonly unless?: readonly string[]
  /** The step is skipped if this does not hold; a dry run shows what it is about. */
  readonly only?: { readonly if: string; readonly holds: (known: Known) => boolean }
  /** Reads standard output, which is not shown then. Throws an error that says what to do. */
  readonly take?: (output: string, known: Known) => void
  /** Shows standard output nevertheless. */
  readonly echo?: boolean
  /** A failure counts only if there is no output either. */
  readonly partial?: boolean
  /** What to do if the step fails. */
  readonly hint?: string
}

export const nothingKnown = (): Known => ({
  digest: undefined,
  hasNamespace: false,
  types: undefined,
  secrets: new Map(),
  history: '',
  stale: [],
})

export const commandOf = ({ command }: Step, known: Known): readonly string[] =>
  typeof command === 'function' ? command(known) : command
