import { hash } from 'node:crypto'
import type { Cache } from '../cache/cache.ts'
import { zip } from '../zip.ts'
import type { Remembered } from './cached-value.ts'
import type { Classify, Prediction } from './classify.ts'

interface CachedOptions {
  readonly cache: Cache<Remembered>
  readonly prefix: string
  /** Part of every key: one model never answers for another. */
  readonly modelDigest: string
  /** Part of every key: machines that compute differently never answer for each other. */
  readonly numerics: string
}

/**
 * Asks a cache first, and what it wraps only for what is missing, once for each distinct text.
 * A broken cache costs speed, never an answer; what is new is remembered behind the reply.
 */
export function cached(classify: Classify, { cache, ...place }: CachedOptions): Classify {
  const toKeys = createKeys(place)

  return async (texts, call) => {
    const keys = toKeys(texts)
    const startedAt = performance.now()
    const answers = await recall(cache, keys)
    const endedAt = performance.now()
    call.timing.add('cache', endedAt - startedAt)
    call.trace.add(
      `cache ${cache.tier}`,
      { startedAt, endedAt },
      {
        'polarity.cache.hits': answers.size,
        'polarity.cache.misses': keys.size - answers.size,
      },
    )

    const missing = [...keys.keys()].filter((text) => !answers.has(text))
    if (missing.length > 0) {
      const fresh = zip(missing, await classify(missing, call))
      for (const [text, answer] of fresh) answers.set(text, answer)
      void remember(cache, fresh, keys)
    }
    return inOrder(texts, answers)
  }
}

/** The key of each distinct text: prefix, version, model with numerics class, and the SHA-256 of its UTF-8. */
function createKeys({ prefix, modelDigest, numerics }: Omit<CachedOptions, 'cache'>) {
  const first = `${prefix}:v1:${modelDigest.slice(0, 16)}${numerics}:`
  return (texts: readonly string[]) => {
    const keys = new Map<string, string>()
    for (const text of texts) {
      if (!keys.has(text)) keys.set(text, first + hash('sha256', text, 'base64url'))
    }
    return keys
  }
}

/** What is known of distinct texts; nothing if the cache fails, whose own measuring tells of it. */
async function recall(
  cache: Cache<Remembered>,
  keys: ReadonlyMap<string, string>,
): Promise<Map<string, Prediction>> {
  const answers = new Map<string, Prediction>()
  if (keys.size === 0) return answers
  const known = await cache.getMany([...keys.values()]).catch(() => [])
  let i = 0
  for (const text of keys.keys()) {
    const value = known[i++]
    if (value) answers.set(text, { ...value, source: cache.tier })
  }
  return answers
}

/** Keeps what this request was the first to have answered. What can't be kept is found anew. */
async function remember(
  cache: Cache<Remembered>,
  fresh: readonly (readonly [string, Prediction])[],
  keys: ReadonlyMap<string, string>,
): Promise<void> {
  const entries = new Map<string, Remembered>()
  for (const [text, { scores, truncated, source }] of fresh) {
    if (source !== 'coalesced') entries.set(keys.get(text) ?? '', { scores, truncated })
  }
  if (entries.size > 0) await cache.setMany(entries).catch(() => undefined)
}

/** One answer per text; a text that was not remembered and comes again in one request was coalesced. */
function inOrder(texts: readonly string[], answers: ReadonlyMap<string, Prediction>): Prediction[] {
  const seen = new Set<string>()
  return texts.map((text) => {
    const answer = answers.get(text)
    if (!answer) throw new Error('A text was left without an answer.')
    if (answer.source !== 'model' || !seen.has(text)) {
      seen.add(text)
      return answer
    }
    return { ...answer, source: 'coalesced' }
  })
}
