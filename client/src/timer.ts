/** Timers can't wait longer: they would fire at once. */
const LONGEST_MS = 2 ** 31 - 1

/** Runs something after so many milliseconds; the result is a function that prevents it. */
export function after(milliseconds: number, run: () => void): () => void {
  const timer = setTimeout(run, Math.min(Math.max(milliseconds, 0), LONGEST_MS))
  return () => clearTimeout(timer)
}

/** Resolves after so many milliseconds, or once the signal is aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = () => {
      stop()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const stop = after(milliseconds, end)
    signal.addEventListener('abort', end)
  })
}
