import { LRUCache } from 'lru-cache'
import { AppError } from '../errors.ts'
import type { Classify } from './classify.ts'

/** Callers tracked at once. An evicted one starts with a full bucket again. */
const MAX_CALLERS = 100_000
const MINUTE_MS = 60_000

interface Bucket {
  texts: number
  filledAt: number
}

/**
 * Rate limit per caller, in texts per minute, cache hits included: a token bucket that holds one
 * minute's texts. Throws `rate_limited` (with Retry-After) if the bucket has too few left, and
 * `payload_too_large` if the request exceeds the whole bucket.
 */
export function rateLimited(classify: Classify, textsPerMinute: number, now = Date.now): Classify {
  const buckets = new LRUCache<string, Bucket>({ max: MAX_CALLERS, ttl: MINUTE_MS })

  function bucketOf(caller: string): Bucket {
    const time = now()
    const bucket = buckets.get(caller) ?? { texts: textsPerMinute, filledAt: time }
    const earned = ((time - bucket.filledAt) / MINUTE_MS) * textsPerMinute
    bucket.texts = Math.min(textsPerMinute, bucket.texts + earned)
    bucket.filledAt = time
    buckets.set(caller, bucket)
    return bucket
  }

  return async (texts, call) => {
    if (texts.length > textsPerMinute) {
      throw new AppError('payload_too_large', `A caller may send ${textsPerMinute} texts a minute.`)
    }
    const bucket = bucketOf(call.caller())
    const lacking = texts.length - bucket.texts
    if (lacking > 0) throw rateExceeded(Math.ceil((lacking / textsPerMinute) * 60))
    bucket.texts -= texts.length
    return classify(texts, call)
  }
}

const rateExceeded = (seconds: number) =>
  new AppError('rate_limited', 'The rate limit of this caller is used up; try again later.', {
    headers: { 'Retry-After': String(seconds) },
  })
