import { Asker } from './asker.ts'
import { Call, type Prediction } from './call.ts'
import { Collector } from './collector.ts'
import type { Fetch, Http } from './http.ts'
import { KnownLimits } from './limits.ts'
import { OpenCalls } from './open-calls.ts'
import { Pace } from './pace.ts'
import { partsOf } from './part.ts'
import type { Texts } from './read-ahead.ts'
import { rowsOf, type StreamRow } from './stream.ts'
import { toHttp } from './to-http.ts'
import type { Info, PredictRequest } from './wire.ts'

export interface ClientOptions {
  /** Sent with every request, if the service has API keys. */
  readonly apiKey?: string | undefined
  /** More headers for every request: a gateway's, or a trace's. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Milliseconds until a call fails, retries and waits included: 60,000 by default; may be `Infinity`. */
  readonly timeoutMs?: number | undefined
  /**
   * How often a request is sent again that failed for a passing reason: 4 by default; 0 is never. Those
   * that the service refuses until a time that it names do not count: `timeoutMs` bounds them.
   */
  readonly retries?: number | undefined
  /** Longest pause before the first of them, if the service names none, doubled for each: 200 by default. */
  readonly backoffMs?: number | undefined
  /** Requests under way at once, each stream's apart: 4 by default. */
  readonly concurrency?: number | undefined
  /** In place of those in the service's `/info`, which is then not asked. */
  readonly limits?: Partial<Info['limits']> | undefined
  /** In place of the global `fetch`. */
  readonly fetch?: Fetch | undefined
}

/** Of one call. What the service knows beside `text` is sent to it. */
export interface ClassifyOptions extends Omit<PredictRequest, 'text'> {
  /** Ends this call alone: others that share a request with it go on. */
  readonly signal?: AbortSignal | undefined
  /** In place of the client's. */
  readonly timeoutMs?: number | undefined
}

/** As of a call for each text; `timeoutMs` is how long there may be no answer to any. */
export interface StreamOptions extends ClassifyOptions {
  /** Texts that are read ahead of the rows that were taken: 1,024 by default. */
  readonly window?: number | undefined
}

/** So many requests are a stream's window: while the last is answered, the next are on their way. */
const BATCHES_PER_WINDOW = 4

/**
 * A client of one service. Calls of one tick share requests, as large as the service's limits allow; each
 * call gets its own predictions or its own error (`PolarityError`).
 */
export class PolarityClient {
  readonly #http: Http
  readonly #limits: KnownLimits
  readonly #retries: number
  readonly #backoffMs: number
  readonly #concurrency: number
  readonly #timeoutMs: number
  readonly #calls: Collector

  /** `address`: of the service, with the path that a gateway may have put before it. */
  constructor(address: string | URL, options: ClientOptions = {}) {
    const { retries = 4, backoffMs = 200, concurrency = 4, timeoutMs = 60_000 } = options
    this.#http = toHttp(address, options)
    this.#limits = new KnownLimits(this.#http, options.limits)
    this.#retries = requireAtLeast(0, retries, 'retries')
    this.#backoffMs = requireAtLeast(0, backoffMs, 'backoffMs')
    this.#concurrency = requireAtLeast(1, concurrency, 'concurrency')
    this.#timeoutMs = requireAtLeast(0, timeoutMs, 'timeoutMs')
    this.#calls = this.#collector(Number.POSITIVE_INFINITY)
  }

  /** The prediction for a text, or those for a list of texts, in its order. */
  classify(text: string, options?: ClassifyOptions): Promise<Prediction>
  classify(texts: readonly string[], options?: ClassifyOptions): Promise<Prediction[]>
  classify(
    input: string | readonly string[],
    options?: ClassifyOptions,
  ): Promise<Prediction | Prediction[]>
  async classify(
    input: string | readonly string[],
    options: ClassifyOptions = {},
  ): Promise<Prediction | Prediction[]> {
    const texts = typeof input === 'string' ? [input] : requireTexts(input)
    const { signal, timeoutMs = this.#timeoutMs, ...fields } = options
    const call = new Call(texts.length, { signal, open: openFor(timeoutMs) })
    if (!call.ended) this.#calls.add(partsOf(call, texts), JSON.stringify(fields))
    const predictions = await call.outcome
    const [first] = predictions
    return typeof input === 'string' && first ? first : predictions
  }

  /**
   * A row for each of many texts, in order; memory holds no more than the window. A text that the service
   * refuses is a row with an error; what is no text's fault is thrown, after the rows before it.
   */
  stream(texts: Texts, options: StreamOptions = {}): AsyncGenerator<StreamRow, void, undefined> {
    if (typeof texts === 'string') throw new TypeError('A stream takes many texts, not one string.')
    const { window = 1024, signal, timeoutMs = this.#timeoutMs, ...fields } = options
    requireAtLeast(1, window, 'window')
    const open = openFor(timeoutMs)
    const batch = Math.ceil(window / BATCHES_PER_WINDOW)
    const collector = this.#collector(batch)
    const json = JSON.stringify(fields)
    const ask = (text: string) => {
      const call = new Call(1, { open })
      collector.add(partsOf(call, [text]), json)
      return call
    }
    return rowsOf(texts, { ask, open, window, batch, signal })
  }

  #collector(mostTexts: number): Collector {
    const pace = new Pace(this.#concurrency)
    const asker = new Asker({
      http: this.#http,
      limits: this.#limits,
      pace,
      retries: this.#retries,
      backoffMs: this.#backoffMs,
    })
    return new Collector({
      limits: async () => {
        const limits = await this.#limits.get()
        return {
          ...limits,
          maxTexts: Math.min(limits.maxTexts, mostTexts),
          maxExplainTexts: Math.min(limits.maxExplainTexts, mostTexts),
        }
      },
      room: () => pace.limit,
      ask: (batch) => asker.ask(batch),
    })
  }
}

function requireTexts(texts: readonly unknown[]): string[] {
  return Array.from(texts, (text, i) => {
    if (typeof text === 'string') return text
    throw new TypeError(`text[${i}] must be a string.`)
  })
}

const openFor = (timeoutMs: number) => new OpenCalls(requireAtLeast(0, timeoutMs, 'timeoutMs'))

function requireAtLeast(least: number, value: number, name: string): number {
  if (value >= least) return value
  throw new RangeError(`${name} must be at least ${least}.`)
}
