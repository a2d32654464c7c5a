import type { Context } from 'hono'
import { AppError } from '../errors.ts'

/** Envoy tells how many milliseconds the caller will still wait. */
const EXPECTED_TIMEOUT_HEADER = 'x-envoy-expected-rq-timeout-ms'

/** Aborts when the caller has left or its time is up; `close` must be called once the answer is there. */
export interface Deadline {
  readonly signal: AbortSignal
  /** In milliseconds on the clock of `performance.now()`. */
  readonly at: number
  close(): void
}

/** The shorter of the service's own timeout and the caller's, ended early if the connection is. */
export function startDeadline(c: Context, timeoutSeconds: number): Deadline {
  const controller = new AbortController()
  const caller = c.req.raw.signal
  const leave = () =>
    controller.abort(new AppError('deadline_exceeded', 'The caller closed the connection.'))
  const expire = () =>
    controller.abort(new AppError('deadline_exceeded', 'The answer was not ready in time.'))

  const timeoutMs = Math.min(timeoutSeconds * 1000, callersTimeoutMs(c))
  const timer = setTimeout(expire, timeoutMs)
  caller.addEventListener('abort', leave, { once: true })
  return {
    signal: controller.signal,
    at: performance.now() + timeoutMs,
    close() {
      clearTimeout(timer)
      caller.removeEventListener('abort', leave)
    },
  }
}

/** A header that is no whole number of milliseconds, or is 0 (Envoy's "no timeout"), is not a deadline. */
function callersTimeoutMs(c: Context): number {
  const value = c.req.header(EXPECTED_TIMEOUT_HEADER)
  return value && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : Number.POSITIVE_INFINITY
}
