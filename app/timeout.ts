/** What work comes to, or a rejection with `toError()` if it takes longer. The work itself goes on. */
export function inTime<T>(
  work: Promise<T>,
  milliseconds: number,
  toError: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(toError()), milliseconds)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
