import { say, UsageError } from './command.ts'
import { startProgress } from './progress.ts'
import { runOnSharedCache } from './shared-cache.ts'

const HELP = `npm run cache:flush -- --yes

Removes every cached prediction under CACHE_PREFIX, of all models, from the shared cache of REDIS_URL or
UPSTASH_REDIS_REST_URL; other keys stay. Uses SCAN and UNLINK, which do not block Redis. In-process
caches of running replicas are not flushed: their entries expire after CACHE_TTL_SECONDS.`

await runOnSharedCache({
  name: 'cache:flush',
  help: HELP,
  async work(cache, config, { yes }) {
    if (!yes) {
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
  },
})
