import type { Keyspace } from '../app/cache/keyspace.ts'
import { say } from './command.ts'
import { startProgress } from './progress.ts'
import { onSharedCache } from './shared-cache.ts'

/** Keys of one model whose value and time to live are looked at. */
const SAMPLE = 200

interface ModelKeys {
  keys: number
  readonly sample: string[]
}

/** Says how many predictions the shared cache has, by model and numerics class. */
export const countPredictions = (): Promise<void> =>
  onSharedCache(async (cache, config) => {
    const total = await cache.size()
    const progress = startProgress('keys', { unit: 'keys' })
    const models = new Map<string, ModelKeys>()
    let seen = 0
    for await (const page of cache.scan(`${config.CACHE_PREFIX}:v1:`)) {
      for (const key of page) count(models, key)
      seen += page.length
      progress.report(seen, Math.max(total, seen))
    }
    progress.stop()

    say(`${seen} predictions under ${config.CACHE_PREFIX}, of ${total} keys in the database`)
    for (const [keySpace, entry] of models) {
      say(`${describeSpace(keySpace)}: ${await describe(cache, entry)}`)
    }
  })

/** 16 digits of the model's digest, 8 of the numerics class, and what stands for `LONG_TEXTS=window`. */
function describeSpace(keySpace: string): string {
  const windows = keySpace.endsWith('w') ? ', long texts in windows' : ''
  return `model ${keySpace.slice(0, 16)}, numerics ${keySpace.slice(16, 24)}${windows}`
}

/** A key is prefix, version, model with class, and hash: none of the last three holds a colon. */
function count(models: Map<string, ModelKeys>, key: string): void {
  const keySpace = key.split(':').at(-2) ?? ''
  const entry = models.get(keySpace) ?? { keys: 0, sample: [] }
  entry.keys++
  if (entry.sample.length < SAMPLE) entry.sample.push(key)
  models.set(keySpace, entry)
}

async function describe(cache: Keyspace, { keys, sample }: ModelKeys): Promise<string> {
  const values = await Promise.all(sample.map((key) => cache.describe(key)))
  const mean = (numbers: readonly number[]) =>
    Math.round(numbers.reduce((sum, number) => sum + number, 0) / numbers.length)
  const bytes = mean(values.map((value) => value.bytes))
  const seconds = mean(values.map((value) => value.ttlSeconds))
  return `${keys} predictions, about ${bytes} bytes each, ${seconds} s left on average`
}
