import { ModelError } from '../../model/model-error.ts'

interface Computing {
  /** What it showed when it was warm. */
  readonly ready: { readonly numerics: string }
  close(): Promise<void>
}

/**
 * Lets threads pass that compute what the first one did, also those that come later in place of others:
 * one process has one numerics class, and its cache holds no other's scores.
 */
export function createAgreement() {
  let first: string | undefined
  return async <T extends Computing>(thread: T): Promise<T> => {
    const { numerics } = thread.ready
    first ??= numerics
    if (numerics === first) return thread
    await thread.close()
    throw new ModelError(
      `two workers compute different scores (numerics classes ${first} and ${numerics}): ` +
        'the weights have changed meanwhile, or the cores of this machine are of two kinds',
    )
  }
}
