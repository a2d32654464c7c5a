import type { Context } from 'hono'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'

/** Set by Envoy: milliseconds that the caller will still wait. */
const EXPECTED_TIMEOUT_HEADER = 'x-envoy-expected-rq-timeout-ms'

/** Set by clients of gRPC: up to eight digits and a unit. */
const GRPC_TIMEOUT_HEADER = 'grpc-timeout'
const UNIT_MS = new Map([
  ['H', 3_600_000],
  ['M', 60_000],
  ['S', 1000],
  ['m', 1],
  ['u', 1e-3],
  ['n', 1e-6],
])

/** Deadline of a request: the shorter of the service's timeout and the caller's own. */
export function deadlineOf(c: Context, timeoutSeconds: number, now: Clock): number {
  return now() + Math.min(timeoutSeconds * 1000, callersTimeoutMs(c), grpcTimeoutMs(c))
}

/** Infinite if the header is missing, is not an integer, or is 0 (Envoy's "no timeout"). */
function callersTimeoutMs(c: Context): number {
  const value = c.req.header(EXPECTED_TIMEOUT_HEADER)
  return value && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : Number.POSITIVE_INFINITY
}

/** Infinite if the header is missing or not as it should be. */
function grpcTimeoutMs(c: Context): number {
  const value = c.req.header(GRPC_TIMEOUT_HEADER)
  const [, digits, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(value ?? '') ?? []
  return digits ? Number(digits) * (UNIT_MS.get(unit) ?? 1) : Number.POSITIVE_INFINITY
}

export interface Deadline {
  readonly signal: AbortSignal
  /** Stops the timer and the listener. */
  clear(): void
}

/**
 * Starts a timer whose signal aborts after `milliseconds`, or earlier if the client disconnects.
 */
export function startDeadline(connection: AbortSignal, milliseconds: number): Deadline {
  const controller = new AbortController()
  const leave = () =>
    controller.abort(new AppError('client_closed', 'The client closed the connection.'))
  const expire = () =>
    controller.abort(new AppError('deadline_exceeded', 'The response was not ready in time.'))

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
