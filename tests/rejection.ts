/**
 * What a promise rejects with; throws if it resolves. In place of `expect(promise).rejects`, which on Bun
 * blocks the whole run where the promise never settles, so that no timeout can end it.
 */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('The promise was to reject, and resolved.')
}
