import { hash } from 'node:crypto'
import type { Cache } from '../cache/cache.ts'
import { zip } from '../zip.ts'
import type { CachedPrediction } from './cached-value.ts'
import type { Classify, Prediction } from './classify.ts'
import { inOrder } from './in-order.ts'

interface CachedOptions {
  readonly cache: Cache<CachedPrediction>
  readonly prefix: string
  /** Part of every key: one model never answers for another. */
  readonly modelDigest: string
  /** Part of every key: machines that compute differently never answer for each other. */
  readonly numerics: string
  /** Part of every key: it decides the score of a long text. */
  readonly longTexts: 'truncate' | 'window'
}

/**
 * Looks texts up in a cache, and asks what it wraps for the misses alone, once for each distinct
 * text. A broken cache costs speed, never an answer; misses are written behind the reply.
 */
export function cached(classify: Classify, { cache, ...keyParts }: CachedOptions): Classify {
  const toKeys = createKeys(keyParts)

  return async (texts, call) => {
    const keys = toKeys(texts)
    const startedAt = performance.now()
    const predictions = await lookUp(cache, keys)
    const endedAt = performance.now()
    call.timing.add('cache', endedAt - startedAt)
    call.trace.add(
      `cache ${cache.tier}`,
      { startedAt, endedAt },
      {
        'polarity.cache.hits': predictions.size,
        'polarity.cache.misses': keys.size - predictions.size,
      },
    )

    const missing = [...keys.keys()].filter((text) => !predictions.has(text))
    if (missing.length > 0) {
      // Who waits for a hit alone must not wait for the misses.
      for (const [text, prediction] of predictions) call.onPrediction?.(text, prediction)
      const fresh = zip(missing, await classify(missing, call))
      for (const [text, prediction] of fresh) predictions.set(text, prediction)
      void store(cache, fresh, keys)
    }
    return inOrder(texts, predictions)
  }
}

/** The key of each distinct text: prefix, version, model with numerics class and reading, and the SHA-256 of its UTF-8. */
function createKeys(parts: Omit<CachedOptions, 'cache'>) {
  const { prefix, modelDigest, numerics, longTexts } = parts
  const first = `${prefix}:v1:${modelDigest.slice(0, 16)}${numerics}${longTexts === 'window' ? 'w' : ''}:`
  return (texts: readonly string[]) => {
    const keys = new Map<string, string>()
    for (const text of texts) {
      if (!keys.has(text)) keys.set(text, first + hash('sha256', text, 'base64url'))
    }
    return keys
  }
}

/** The hits among distinct texts; none if the cache fails, which its own metrics count. */
async function lookUp(
  cache: Cache<CachedPrediction>,
  keys: ReadonlyMap<string, string>,
): Promise<Map<string, Prediction>> {
  const predictions = new Map<string, Prediction>()
  if (keys.size === 0) return predictions
  const known = await cache.getMany([...keys.values()]).catch(() => [])
  let i = 0
  for (const text of keys.keys()) {
    const value = known[i++]
    if (value) predictions.set(text, { ...value, source: cache.tier })
  }
  return predictions
}

/** Writes the predictions that this request led. A failed write is a miss later. */
async function store(
  cache: Cache<CachedPrediction>,
  fresh: readonly (readonly [string, Prediction])[],
  keys: ReadonlyMap<string, string>,
): Promise<void> {
  const entries = new Map<string, CachedPrediction>()
  for (const [text, { scores, truncated, source }] of fresh) {
    if (source !== 'coalesced') entries.set(keys.get(text) ?? '', { scores, truncated })
  }
  if (entries.size > 0) await cache.setMany(entries).catch(() => undefined)
}
