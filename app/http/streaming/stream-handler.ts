import type { Context } from 'hono'
import type { ApiKeys } from '../../api-keys.ts'
import type { Health } from '../../health.ts'
import type { Network } from '../../ip-address.ts'
import type { Metrics } from '../../telemetry/metrics.ts'
import { authenticate } from '../authenticate.ts'
import { clientAddress } from '../client-address.ts'
import { encodingOf } from '../content-encoding.ts'
import { createTurns } from '../parse-json.ts'
import { predictionCounter } from '../prediction-counter.ts'
import type { RequestEnv } from '../request-env.ts'
import { requestIdHeader } from '../request-id.ts'
import { toShortDigest } from '../short-digest.ts'
import { OpenAnswer } from './answer.ts'
import { BodySource } from './body-source.ts'
import { csv } from './csv.ts'
import type { Format } from './format.ts'
import { formatOf } from './media-type.ts'
import { ndjson } from './ndjson.ts'
import { openSession, type SessionDeps } from './open-session.ts'
import { OpenStreams } from './open-streams.ts'
import { Report } from './report.ts'
import { readQuery } from './stream-query.ts'
import { createTextCheck } from './text-check.ts'

interface StreamingDeps extends Omit<SessionDeps, 'inTurn'> {
  readonly labels: readonly string[]
  readonly modelDigest: string
  readonly keys: ApiKeys
  readonly trustedProxies: readonly Network[]
  readonly maxStreams: number
  readonly health: Health
  readonly metrics: Metrics
}

export type StreamHandler = ReturnType<typeof streamHandler>

/**
 * A handler for requests whose body is rows, as their Content-Type says; `undefined` for any other.
 */
export function streamHandler(deps: StreamingDeps) {
  const streaming = new Streaming(deps)
  const addressOf = clientAddress(deps.trustedProxies)
  const answer = async (c: Context<RequestEnv>, name: Format['name']) => {
    const caller = authenticate(c, deps.keys, addressOf)
    return await streaming.answer(c, name, caller())
  }
  return (c: Context<RequestEnv>): Promise<Response> | undefined => {
    const name = formatOf(c)
    return name && answer(c, name)
  }
}

/** Answers requests whose body is rows, row by row, while they are still being sent. */
class Streaming {
  readonly #deps: StreamingDeps & SessionDeps
  readonly #formats: Readonly<Record<Format['name'], Format>>
  readonly #open: OpenStreams
  readonly #count: ReturnType<typeof predictionCounter>

  constructor(deps: StreamingDeps) {
    const { limits, labels, metrics, health, maxStreams } = deps
    const check = createTextCheck(limits)
    this.#deps = { ...deps, inTurn: createTurns() }
    this.#formats = { ndjson: ndjson(check, labels), csv: csv(check, labels) }
    this.#count = predictionCounter(metrics, labels)
    const onChange = (open: number) => metrics.streamsOpen.set(open)
    this.#open = new OpenStreams({ most: maxStreams, health, onChange })
  }

  /**
   * The answer, as soon as its first rows are there. Throws what goes wrong before that, as for an
   * ordinary request: `invalid_request`, `overloaded`, `not_ready`, `request_timeout` and so on.
   */
  async answer(c: Context<RequestEnv>, name: Format['name'], caller: string): Promise<Response> {
    const query = readQuery(c)
    const encoding = encodingOf(c)
    const format = this.#formats[name]
    const givePlaceBack = this.#open.takePlace(caller)
    const source = new BodySource(c.req.raw.body, encoding)
    const { metrics, labels } = this.#deps
    const report = new Report(c, { metrics, labels, count: this.#count, format: name })
    const session = openSession(this.#deps, { caller, format, source, query, report })
    void session.ended.then(givePlaceBack)
    report.follow(session.ended)
    c.req.raw.signal.addEventListener('abort', () => session.leave(), { once: true })

    const answer = new OpenAnswer(session, source)
    this.#open.watch({ session, cut: () => c.env?.cut?.() })
    c.env?.wantBody?.()
    const body = await answer.begin()
    c.set('bodyRead', true)
    return new Response(body, { headers: this.#headers(c, format) })
  }

  #headers(c: Context<RequestEnv>, { type }: Format): Record<string, string> {
    return {
      'content-type': type,
      ...requestIdHeader(c),
      'x-model-digest': toShortDigest(this.#deps.modelDigest),
      'cache-control': 'no-store',
      // For proxies that would collect an answer before they pass it on (nginx).
      'x-accel-buffering': 'no',
      // The rest of the body may still come when the answer has ended.
      connection: 'close',
    }
  }
}
