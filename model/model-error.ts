/** A model can't be found, pulled, read or run; the message is meant for the operator. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
}

/** The first line of what a library threw, to be a part of such a message. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.trim().split('\n', 1).join().trim()
}
