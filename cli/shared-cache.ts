import { parseArgs } from 'node:util'
import { type Keyspace, openKeyspace } from '../app/cache/keyspace.ts'
import { reasonOf } from '../app/cache/reason.ts'
import { type Config, ConfigError, loadConfig } from '../app/config.ts'
import { runCommand, say, UsageError } from './command.ts'

interface CacheCommand {
  readonly name: string
  readonly help: string
  readonly work: (cache: Keyspace, config: Config, flags: { yes: boolean }) => Promise<void>
}

/** Runs a command on the configured shared cache. */
export function runOnSharedCache({ name, help, work }: CacheCommand): Promise<void> {
  return runCommand(name, async () => {
    const options = {
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    } as const
    const { values } = parseArgs({ options })
    if (values.help) return say(help)
    const config = readConfig()
    const cache = await open(config)
    await work(cache, config, values).finally(() => cache.close())
  })
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
    throw new UsageError(reasonOf(cause), { cause })
  })
  if (cache) return cache
  throw new UsageError('no shared cache: set REDIS_URL or UPSTASH_REDIS_REST_URL')
}
