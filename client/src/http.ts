import { isRecord, parsed, toText } from './json.ts'
import { PolarityError } from './polarity-error.ts'
import { toProblem } from './problem.ts'
import { after } from './timer.ts'

/** As the global `fetch`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Where and as whom to ask. */
export interface Http {
  readonly fetch: Fetch
  /** Ends in a slash. */
  readonly base: string
  readonly headers: Readonly<Record<string, string>>
}

interface Exchange {
  /** JSON to post; a GET without. */
  readonly body?: string
  readonly signal: AbortSignal
  /** For this one exchange. */
  readonly timeoutMs: number
}

interface Answer {
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Headers
}

/** Asks once, and resolves with a success. Throws `PolarityError`, or whatever once the signal is aborted. */
export async function exchange(
  { fetch, base, headers }: Http,
  path: string,
  { body, signal, timeoutMs }: Exchange,
): Promise<Answer> {
  const ending = endOf(signal, timeoutMs)
  try {
    const response = await fetch(`${base}${path}`, {
      ...(body === undefined
        ? { headers: { ...headers } }
        : { method: 'POST', body, headers: { ...headers, 'content-type': 'application/json' } }),
      // Another address is not to get the texts or the key, and a POST might arrive as a GET.
      redirect: 'manual',
      signal: ending.signal,
    })
    return read(response, await response.text())
  } catch (cause) {
    if (cause instanceof PolarityError) throw cause
    const { reason } = ending.signal
    throw reason instanceof PolarityError ? reason : unreachable(base, cause)
  } finally {
    ending.clear()
  }
}

/** A signal that aborts with another one, or when the time is up. */
function endOf(signal: AbortSignal, timeoutMs: number) {
  const controller = new AbortController()
  const leave = () => controller.abort(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  const detail = `The service did not answer within ${timeoutMs} ms.`
  const late = () => controller.abort(new PolarityError({ code: 'timeout', detail }))
  const stopTimer = after(timeoutMs, late)
  return {
    signal: controller.signal,
    clear() {
      stopTimer()
      signal.removeEventListener('abort', leave)
    },
  }
}

function read(response: Response, text: string): Answer {
  const body = parsed(text)
  if (!response.ok || response.type === 'opaqueredirect') throw toProblem(response, body)
  if (!isRecord(body)) throw toProblem(response, undefined)
  return { body, headers: response.headers }
}

const unreachable = (base: string, cause: unknown) =>
  new PolarityError({
    code: 'unreachable',
    detail: `${new URL(base).host} could not be reached: ${reasonOf(cause)}.`,
    cause,
  })

/** The cause says more than the message of a failed `fetch`, where a runtime has one. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = isRecord(error.cause) ? error.cause : {}
  return toText(cause.message) || toText(cause.code) || error.message
}
