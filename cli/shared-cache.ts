import { type Keyspace, openKeyspace } from '../app/cache/keyspace.ts'
import { reasonOf } from '../app/cache/reason.ts'
import { type Config, ConfigError, loadConfig } from '../app/config.ts'
import { CommandError, UsageError } from './command.ts'

type Work = (cache: Keyspace, config: Config) => Promise<void>

/** Works on the configured shared cache. Throws a `UsageError` if there is none, a `CommandError` if it is away. */
export async function onSharedCache(work: Work): Promise<void> {
  const config = readConfig()
  const cache = await open(config)
  await work(cache, config).finally(() => cache.close())
}

function readConfig(): Config {
  try {
    return loadConfig(process.env)
  } catch (error) {
    throw error instanceof ConfigError ? new UsageError(error.message, { cause: error }) : error
  }
}

/** An unreachable Redis is a known error, not a bug. */
async function open(config: Config): Promise<Keyspace> {
  const cache = await openKeyspace(config).catch((cause: Error) => {
    throw new CommandError(reasonOf(cause), { cause })
  })
  if (cache) return cache
  throw new UsageError('no shared cache: set REDIS_URL or UPSTASH_REDIS_REST_URL')
}
