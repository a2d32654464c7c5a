import type { NearCache } from '../cache/cache.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { zip } from '../zip.ts'
import type { Call, Classify, ClassifyAtOnce, Prediction } from './classify.ts'
import { inOrder } from './in-order.ts'

interface RememberedOptions {
  readonly memory: NearCache<Prediction>
  /** The JSON of scores in an answer: kept with them, as it takes longer to write than to find. */
  readonly toJson: (scores: readonly number[]) => string
  readonly metrics: Metrics
}

/**
 * Keeps predictions in this process, by text, and asks what it wraps for the misses alone, once for
 * each distinct text. Answers at once, without a promise, if it knows all texts.
 */
export function remembered(classify: Classify, options: RememberedOptions): ClassifyAtOnce {
  const remember = new Remembered(classify, options)
  return (texts, call) => remember.classify(texts, call)
}

class Remembered {
  readonly #classify: Classify
  readonly #options: RememberedOptions
  readonly #series: ReturnType<typeof seriesOf>

  constructor(classify: Classify, options: RememberedOptions) {
    this.#classify = classify
    this.#options = options
    this.#series = seriesOf(options.metrics)
  }

  classify(texts: readonly string[], call: Call): ReturnType<ClassifyAtOnce> {
    const startedAt = performance.now()
    const missing = new Set<string>()
    const known = texts.map((text) => this.#find(text, missing))
    this.#countLookup(texts, { missing: missing.size, startedAt, call })
    const hits = known.filter((prediction) => prediction !== undefined)
    return hits.length === texts.length ? hits : this.#ask(texts, { known, missing, call })
  }

  #find(text: string, missing: Set<string>): Prediction | undefined {
    const prediction = this.#options.memory.get(text)
    if (!prediction) missing.add(text)
    return prediction
  }

  /** Asks before it builds anything: the question may be refused. */
  #ask(texts: readonly string[], { known, missing, call }: Asked): Promise<Prediction[]> {
    const asked = [...missing]
    const answer = this.#classify(asked, call)
    const predictions = new Map<string, Prediction>()
    for (const [text, prediction] of zip(texts, known)) {
      if (prediction) predictions.set(text, prediction)
    }
    return answer.then((list) => {
      const fresh = zip(asked, list)
      this.#keep(fresh)
      for (const [text, prediction] of fresh) predictions.set(text, prediction)
      return inOrder(texts, predictions)
    })
  }

  /** Keeps the predictions that this request led. */
  #keep(fresh: readonly (readonly [string, Prediction])[]): void {
    const { memory, toJson, metrics } = this.#options
    const startedAt = performance.now()
    for (const [text, prediction] of fresh) {
      if (prediction.source === 'coalesced') continue
      const json = prediction.json ?? toJson(prediction.scores)
      memory.set(text, { ...prediction, source: 'memory', json })
    }
    this.#series.set.observe((performance.now() - startedAt) / 1000)
    const { entries, bytes, evicted } = memory.takeState()
    metrics.cacheEntries.set(entries)
    metrics.cacheBytes.set(bytes)
    metrics.cacheEvictions.inc(evicted)
  }

  #countLookup(texts: readonly string[], { missing, startedAt, call }: LookedUp): void {
    if (texts.length === 0) return
    const endedAt = performance.now()
    const distinct = missing === texts.length ? missing : new Set(texts).size
    const hits = distinct - missing
    call.timing.add('cache', endedAt - startedAt)
    call.trace.add(
      'cache memory',
      { startedAt, endedAt },
      { 'polarity.cache.hits': hits, 'polarity.cache.misses': missing },
    )
    this.#series.get.observe((endedAt - startedAt) / 1000)
    this.#series.hits.inc(hits)
    this.#series.misses.inc(missing)
  }
}

function seriesOf({ cacheLookups, cacheSeconds }: Metrics) {
  return {
    hits: cacheLookups.series({ tier: 'memory', result: 'hit' }),
    misses: cacheLookups.series({ tier: 'memory', result: 'miss' }),
    get: cacheSeconds.series({ tier: 'memory', operation: 'get' }),
    set: cacheSeconds.series({ tier: 'memory', operation: 'set' }),
  }
}

interface Asked {
  /** One per text, where it is known. */
  readonly known: readonly (Prediction | undefined)[]
  readonly missing: ReadonlySet<string>
  readonly call: Call
}

interface LookedUp {
  /** Distinct texts that it does not know. */
  readonly missing: number
  readonly startedAt: number
  readonly call: Call
}
