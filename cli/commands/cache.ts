import { defineCommand } from '../define-command.ts'

const stats = defineCommand({
  command: 'stats',
  describe:
    'Count the predictions in the shared cache, by model and numerics class: those under CACHE_PREFIX. Reads with SCAN, so Redis serves on meanwhile',
  builder: (args) => args,
  async handler() {
    const { countPredictions } = await import('../cache-stats.ts')
    await countPredictions()
  },
})

const flush = defineCommand({
  command: 'flush',
  describe:
    'Remove every cached prediction under CACHE_PREFIX, of all models; other keys stay. Uses SCAN and UNLINK, which do not block Redis. In-process caches of running replicas are not flushed: their entries expire after CACHE_TTL_SECONDS',
  builder: (args) => args.option('yes', { type: 'boolean', default: false, describe: 'Really' }),
  async handler({ yes }) {
    const { flushPredictions } = await import('../cache-flush.ts')
    await flushPredictions(yes)
  },
})

/** `polarity cache stats` and `polarity cache flush`: the shared cache of REDIS_URL or UPSTASH_REDIS_REST_URL. */
export const cache = defineCommand({
  command: 'cache',
  describe: 'Look into the shared cache of REDIS_URL or UPSTASH_REDIS_REST_URL, or empty it',
  builder: (args) =>
    args.command(stats).command(flush).demandCommand(1, 'which one, stats or flush'),
  handler: async () => undefined,
})
