import { ModelError } from '../../model/model-error.ts'

interface Worker {
  /** Its warm-up result. */
  readonly ready: { readonly numerics: string }
  close(): Promise<void>
}

/**
 * Returns a check for each new thread: one whose numerics class is not the first thread's is closed,
 * and refused with a `ModelError`. A process has one class, which is part of its cache keys.
 */
export function createAgreement() {
  let first: string | undefined
  return async <T extends Worker>(thread: T): Promise<T> => {
    const { numerics } = thread.ready
    first ??= numerics
    if (numerics === first) return thread
    await thread.close()
    throw new ModelError(
      `two workers compute different scores (numerics classes ${first} and ${numerics}): ` +
        'the weights changed since the start, or this machine has two kinds of cores',
    )
  }
}
