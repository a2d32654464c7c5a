import { Memory } from '../../app/cache/memory.ts'
import {
  type Fetch,
  PolarityClient,
  PolarityError,
  type Prediction,
  type StreamRow,
} from '../../client/src/index.ts'
import { UsageError } from '../command.ts'
import { readInfo, type ServiceInfo } from '../service-info.ts'
import { AskStream } from './ask-stream.ts'
import { EQUAL_TEXTS } from './equal-texts.ts'
import type { Outcome } from './outcome.ts'
import { type ModelFacts, type Predictor, ServiceError } from './predictor.ts'
import type { RowError } from './row.ts'
import { WatchedFetch } from './watched-fetch.ts'

interface ServiceOptions {
  readonly url: string
  readonly key?: string | undefined
  /** Requests under way at once. */
  readonly concurrency?: number | undefined
  /** Seconds without any answer after which the service is given up. */
  readonly timeout?: number | undefined
}

/** Of a request at most: small, so that what is refused or lost with it is soon done again. */
const REQUEST = { texts: 256, bytes: 131_072 }

const MOST_CONCURRENCY = 256

/** Bytes of an answer that is kept. */
const ANSWER_BYTES = 300

/**
 * The service at an address. What may pass, such as a restart or a refusal by its rate limit, is waited
 * for as long as there is an answer now and then. Throws a `CommandError` if there is no Polarity.
 */
export async function openService(options: ServiceOptions): Promise<Predictor> {
  const { url, concurrency = 4, timeout = 120 } = options
  requireFit(concurrency, timeout)
  const info = await readInfo(url)
  const { digest, labels } = info.model
  const asked = new WatchedFetch(digest)
  const client = openClient(options, info, asked.fetch)
  const ended = new AbortController()
  const stream = new AskStream((texts) =>
    client.stream(texts, {
      window: concurrency * REQUEST.texts,
      timeoutMs: timeout * 1000,
      signal: ended.signal,
    }),
  )
  const answers = new Memory<Promise<StreamRow>>({ ...EQUAL_TEXTS, sizeOf: () => ANSWER_BYTES })
  const ask = async (text: string) => {
    const known = answers.get(text)
    if (known !== undefined) return toAnswer(await known, true)
    const answer = stream.ask(text)
    answers.set(text, answer)
    return toAnswer(await answer, false)
  }
  const complain = (error: unknown) => {
    throw toServiceError(error, options)
  }
  return {
    model: toFacts(info),
    digest,
    labels,
    longTexts: info.long_texts,
    maxChars: info.limits.max_chars,
    calls: 2 * concurrency,
    async predict(texts) {
      return await Promise.all(texts.map(ask)).catch(complain)
    },
    async explain(texts) {
      const explained = client.classify(texts, { explain: true, timeoutMs: timeout * 1000 })
      const predictions = await explained.catch(complain)
      return predictions.map(({ explanation, ...rest }) => ({
        ...toOutcome(rest, false),
        explanation,
      }))
    },
    trouble: () => asked.trouble,
    async close() {
      ended.abort()
    },
  }
}

function requireFit(concurrency: number, timeout: number): void {
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MOST_CONCURRENCY)
    throw new UsageError(`--concurrency must be a whole number from 1 to ${MOST_CONCURRENCY}`)
  if (!(timeout > 0)) throw new UsageError('--timeout must be a number of seconds')
}
/** A service does not say the licence of its model. */
const toFacts = ({ model: { id, source, version, card } }: ServiceInfo): ModelFacts => ({
  ...{ id, source, version },
  license: null,
  unsure: card?.unsure ?? null,
})

/** Throws a `UsageError` for an address or a key that can be none. */
function openClient(
  { url, key, concurrency }: ServiceOptions,
  { limits }: ServiceInfo,
  fetch: Fetch,
): PolarityClient {
  try {
    return new PolarityClient(url, {
      apiKey: key,
      concurrency,
      // The stream's own timeout bounds them.
      retries: Number.POSITIVE_INFINITY,
      limits: {
        ...limits,
        max_texts: Math.min(limits.max_texts, REQUEST.texts),
        max_body_bytes: Math.min(limits.max_body_bytes, REQUEST.bytes),
      },
      fetch,
    })
  } catch (cause) {
    if (cause instanceof TypeError) throw new UsageError(cause.message, { cause })
    throw cause
  }
}

function toAnswer({ prediction, error }: StreamRow, cached: boolean): Outcome | RowError {
  if (prediction) return toOutcome(prediction, cached)
  return error.status === 500 ? 'failed' : 'refused'
}

const toOutcome = ({ label, score, scores, truncated }: Prediction, cached: boolean): Outcome => ({
  ...{ label, score, truncated, cached },
  lastScore: scores.at(-1)?.score ?? 0,
})

/** What a person can do about it, in one line. */
function toServiceError(cause: unknown, { url, key }: ServiceOptions): unknown {
  if (!(cause instanceof PolarityError)) return cause
  const { code, status, detail, retryAfter } = cause
  if (code === 'unauthorized') {
    const what = key === undefined ? 'wants an API key: give --key' : 'does not know this API key'
    return new ServiceError(`${url} ${what}`, { cause })
  }
  const before = cause.cause instanceof PolarityError ? ` ${cause.cause.detail}` : ''
  const when = retryAfter === undefined ? '' : ` It wants to be asked again in ${retryAfter} s.`
  const what = status === undefined ? code : `${code}, ${status}`
  return new ServiceError(`${url}: ${detail}${before}${when} (${what})`, { cause })
}
