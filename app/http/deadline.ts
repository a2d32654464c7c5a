import type { Context } from 'hono'
import type { Call } from '../classifier/classify.ts'
import { AppError } from '../errors.ts'
import { createTiming } from '../telemetry/timing.ts'
import { NO_TRACE, type Trace } from '../telemetry/trace.ts'
import type { RequestEnv } from './request-env.ts'

/** Envoy tells how many milliseconds the caller will still wait. */
const EXPECTED_TIMEOUT_HEADER = 'x-envoy-expected-rq-timeout-ms'

interface CallOptions {
  readonly timeoutSeconds: number
  readonly caller: () => string
}

/**
 * The call that a request makes. Its deadline is the shorter of the service's own and the
 * caller's. `close` must be called once the answer is there.
 */
export class RequestCall implements Call {
  readonly timing = createTiming()
  readonly trace: Trace
  readonly deadlineAt: number
  readonly #context: Context<RequestEnv>
  readonly #identify: () => string
  #caller: string | undefined
  #wait: Wait | undefined

  constructor(c: Context<RequestEnv>, { timeoutSeconds, caller }: CallOptions) {
    this.#context = c
    this.trace = c.get('trace') ?? NO_TRACE
    this.#identify = caller
    this.deadlineAt = performance.now() + Math.min(timeoutSeconds * 1000, callersTimeoutMs(c))
  }

  /** Looked up when it is first asked for, and once: a closed connection has no address any more. */
  get caller(): string {
    this.#caller ??= this.#identify()
    return this.#caller
  }

  /** Made when it is first asked for: an answer that was remembered waits for nothing. */
  get signal(): AbortSignal {
    this.#wait ??= startWait(this.#context.req.raw.signal, this.deadlineAt)
    return this.#wait.signal
  }

  close(): void {
    this.#wait?.end()
  }
}

interface Wait {
  readonly signal: AbortSignal
  end(): void
}

/** A signal that aborts when the time is up, or earlier if the connection is closed. */
function startWait(connection: AbortSignal, deadlineAt: number): Wait {
  const controller = new AbortController()
  const leave = () =>
    controller.abort(new AppError('client_closed', 'The caller closed the connection.'))
  const expire = () =>
    controller.abort(new AppError('deadline_exceeded', 'The answer was not ready in time.'))

  const timer = setTimeout(expire, deadlineAt - performance.now())
  connection.addEventListener('abort', leave, { once: true })
  if (connection.aborted) leave()
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer)
      connection.removeEventListener('abort', leave)
    },
  }
}

/** A header that is no whole number of milliseconds, or is 0 (Envoy's "no timeout"), is not a deadline. */
function callersTimeoutMs(c: Context): number {
  const value = c.req.header(EXPECTED_TIMEOUT_HEADER)
  return value && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : Number.POSITIVE_INFINITY
}
