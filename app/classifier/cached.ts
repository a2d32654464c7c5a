import { createHash } from 'node:crypto'
import type { Cache } from '../cache/cache.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { zip } from '../zip.ts'
import { createCachedValueReader, toCachedValue } from './cached-value.ts'
import type { Answer, Classify } from './classify.ts'

interface CachedDeps {
  readonly cache: Cache
  readonly prefix: string
  /** Part of every key: one model never answers for another. */
  readonly modelDigest: string
  /** Number of labels of the model. */
  readonly labels: number
  readonly metrics: Metrics
  readonly log: Logger
}

/**
 * Asks the cache first, and the model only for what is missing, once for each distinct text.
 * A broken cache costs speed, never an answer; what is new is remembered behind the reply.
 */
export function cached(classify: Classify, deps: CachedDeps): Classify {
  const memory = createMemoryOfAnswers(deps)

  return async (texts, call) => {
    const distinct = [...new Set(texts)]
    const startedAt = performance.now()
    const answers = await memory.recall(distinct)
    const cacheMs = performance.now() - startedAt
    call.timing.add('cache', cacheMs)
    deps.metrics.stageSeconds.observe({ stage: 'cache' }, cacheMs / 1000)

    const missing = distinct.filter((text) => !answers.has(text))
    if (missing.length > 0) {
      const fresh = zip(missing, await classify(missing, call))
      for (const [text, answer] of fresh) answers.set(text, answer)
      void memory.remember(fresh)
    }
    return inOrder(texts, answers)
  }
}

/** The cache in terms of texts and answers. Its failures go to the log and no further. */
function createMemoryOfAnswers({ cache, prefix, modelDigest, labels, log }: CachedDeps) {
  const keyPrefix = `${prefix}:v1:${modelDigest.slice(0, 16)}:`
  const toKey = (text: string) => keyPrefix + createHash('sha256').update(text).digest('base64url')
  const read = createCachedValueReader(labels)

  return {
    /** What is known of distinct texts. */
    async recall(texts: readonly string[]): Promise<Map<string, Answer>> {
      const answers = new Map<string, Answer>()
      const hits = await cache.getMany(texts.map(toKey)).catch((error: unknown) => {
        log.warn({ err: error }, 'cache read failed')
        return texts.map(() => undefined)
      })
      for (const [text, hit] of zip(texts, hits)) {
        const value = hit && read(hit.value)
        if (value) answers.set(text, { ...value, source: hit.tier })
      }
      return answers
    },

    async remember(fresh: readonly (readonly [string, Answer])[]): Promise<void> {
      const entries = fresh.map(([text, answer]) => [toKey(text), toCachedValue(answer)] as const)
      await cache.setMany(new Map(entries)).catch((error: unknown) => {
        log.warn({ err: error }, 'cache write failed')
      })
    },
  }
}

/** One answer per text; a text that the model ran for twice in one request was coalesced. */
function inOrder(texts: readonly string[], answers: ReadonlyMap<string, Answer>): Answer[] {
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
