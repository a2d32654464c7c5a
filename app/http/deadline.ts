import type { Context } from 'hono'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'

/** Envoy tells how many milliseconds the caller will still wait. */
const EXPECTED_TIMEOUT_HEADER = 'x-envoy-expected-rq-timeout-ms'

/** When a request's answer is of no more use: the shorter of the service's timeout and the caller's own. */
export function deadlineOf(c: Context, timeoutSeconds: number, now: Clock): number {
  return now() + Math.min(timeoutSeconds * 1000, callersTimeoutMs(c))
}

/** A header that is no whole number of milliseconds, or is 0 (Envoy's "no timeout"), is not a deadline. */
function callersTimeoutMs(c: Context): number {
  const value = c.req.header(EXPECTED_TIMEOUT_HEADER)
  return value && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : Number.POSITIVE_INFINITY
}

export interface Deadline {
  readonly signal: AbortSignal
  /** Ends the timer. */
  clear(): void
}

/** Starts a timer whose signal aborts after `milliseconds`, or earlier if the connection is closed. */
export function startDeadline(connection: AbortSignal, milliseconds: number): Deadline {
  const controller = new AbortController()
  const leave = () =>
    controller.abort(new AppError('client_closed', 'The caller closed the connection.'))
  const expire = () =>
    controller.abort(new AppError('deadline_exceeded', 'The answer was not ready in time.'))

  const timer = setTimeout(expire, milliseconds)
  connection.addEventListener('abort', leave, { once: true })
  if (connection.aborted) leave()
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer)
      connection.removeEventListener('abort', leave)
    },
  }
}
