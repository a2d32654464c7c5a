import { AppError, type ErrorCode, toAppError } from '../errors.ts'
import type { Buckets } from '../token-bucket.ts'
import type { Call, Classify, ClassifyAtOnce, Prediction } from './classify.ts'

interface RateLimit {
  readonly textsPerMinute: number
  /** What a text costs that no cache had, in texts. */
  readonly missCost: number
  readonly buckets: Buckets
}

/** Refusals and failures of the service, which cost the caller nothing. */
const FREE: ReadonlySet<ErrorCode> = new Set([
  'overloaded',
  'payload_too_large',
  'not_ready',
  'internal',
])

/**
 * Rate limit per caller, in texts per minute: a token bucket that holds one minute's texts. Each text
 * is paid for on arrival, and one that no cache had costs `missCost` in all, which may leave a debt.
 * Throws `rate_limited` (with Retry-After) if the bucket has too few left, and `payload_too_large` if
 * the request exceeds the whole bucket.
 */
export function rateLimited(classify: ClassifyAtOnce, limit: RateLimit): Classify {
  const { textsPerMinute, missCost, buckets } = limit

  async function pay(texts: number, call: Call): Promise<void> {
    if (texts > textsPerMinute) {
      throw new AppError('payload_too_large', `A caller may send ${textsPerMinute} texts a minute.`)
    }
    const { granted, left } = await buckets.take(call.caller(), texts)
    call.onQuota?.({ textsPerMinute, left })
    if (granted < texts) throw rateExceeded(texts - left, textsPerMinute)
  }

  async function add(texts: number, call: Call): Promise<void> {
    const { left } = await buckets.add(call.caller(), texts)
    call.onQuota?.({ textsPerMinute, left })
  }

  async function answer(texts: readonly string[], call: Call): Promise<readonly Prediction[]> {
    try {
      return await classify(texts, call)
    } catch (error) {
      if (FREE.has(toAppError(error).code)) await add(texts.length, call)
      throw error
    }
  }

  return async (texts, call) => {
    await pay(texts.length, call)
    const predictions = await answer(texts, call)
    const misses = missCost > 1 ? missesIn(predictions) : 0
    if (misses > 0) await add(-misses * (missCost - 1), call)
    return predictions
  }
}

const missesIn = (predictions: readonly Prediction[]) =>
  predictions.filter(({ source }) => source !== 'memory' && source !== 'redis').length

function rateExceeded(lacking: number, textsPerMinute: number): AppError {
  const seconds = Math.max(1, Math.ceil((lacking / textsPerMinute) * 60))
  const message = 'The rate limit of this caller is used up; try again later.'
  return new AppError('rate_limited', message, {
    headers: { 'Retry-After': String(seconds) },
    shed: 'rate_limit',
  })
}
