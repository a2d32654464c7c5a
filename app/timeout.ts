/**
 * Settles as `work` does, or rejects with `toError()` after the timeout. Does not cancel the work.
 */
export function withTimeout<T>(
  work: Promise<T>,
  milliseconds: number,
  toError: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(toError()), milliseconds)
    const settle = <Result>(how: (result: Result) => void) => {
      return (result: Result) => {
        clearTimeout(timer)
        how(result)
      }
    }
    work.then(settle(resolve), settle(reject))
  })
}
