import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../errors.ts'

interface Patience {
  /** How long it may wait in all. */
  readonly seconds: number
  /** Ends the waiting. */
  readonly signal: AbortSignal
}

/**
 * Does some work, and again after each `Retry-After` for as long as it is refused because too much is
 * going on. Throws what the work throws, if it is something else or there is no patience left.
 */
export async function patiently<Result>(
  work: () => Promise<Result>,
  { seconds, signal }: Patience,
): Promise<Result> {
  const until = performance.now() + seconds * 1000
  const wait = async (error: unknown) => {
    const ms = msToRetry(error)
    if (performance.now() + ms > until) throw error
    await sleep(ms, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) throw error
  }
  for (;;) {
    try {
      return await work()
    } catch (error) {
      await wait(error)
    }
  }
}

/** Infinite if it would be no use. */
function msToRetry(error: unknown): number {
  const isBusy =
    error instanceof AppError && (error.code === 'overloaded' || error.code === 'rate_limited')
  return isBusy ? Number(error.headers['Retry-After'] ?? 1) * 1000 : Number.POSITIVE_INFINITY
}
