import { say, UsageError } from './command.ts'
import { startProgress } from './progress.ts'
import { onSharedCache } from './shared-cache.ts'

/** Removes every prediction from the shared cache, once that is confirmed. */
export const flushPredictions = (confirmed: boolean): Promise<void> =>
  onSharedCache(async (cache, config) => {
    if (!confirmed) {
      throw new UsageError(`removes every key under ${config.CACHE_PREFIX}:v1: confirm with --yes`)
    }
    const total = await cache.size()
    const progress = startProgress('keys', { unit: 'keys' })
    let removed = 0
    for await (const page of cache.scan(`${config.CACHE_PREFIX}:v1:`)) {
      await cache.remove(page)
      removed += page.length
      progress.report(removed, Math.max(total, removed))
    }
    progress.stop()
    say(`${removed} predictions removed`)
  })
