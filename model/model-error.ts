/** Why a model can't be found, pulled, read or run: one message, fit to be shown as it is. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
}

/** The first line of what a library threw, to be a part of such a message. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.trim().split('\n', 1).join().trim()
}
