import { parseArgs } from 'node:util'
import { type Keyspace, openKeyspace } from '../app/cache/keyspace.ts'
import { reasonOf } from '../app/cache/reason.ts'
import { type Config, ConfigError, loadConfig } from '../app/config.ts'

/** Writes one line to standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

interface Command {
  readonly name: string
  readonly help: string
  readonly work: (cache: Keyspace, config: Config, flags: { yes: boolean }) => Promise<void>
}

/** Runs a command on the shared cache of the environment. A failure is one line and exit code 1. */
export async function runCommand({ name, help, work }: Command): Promise<void> {
  try {
    const options = {
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    } as const
    const { values } = parseArgs({ options })
    if (values.help) return say(help)
    const config = loadConfig(process.env)
    const cache = await openKeyspace(config)
    if (!cache) throw new Error('no shared cache: set REDIS_URL or UPSTASH_REDIS_REST_URL')
    await work(cache, config, values).finally(() => cache.close())
  } catch (error) {
    process.stderr.write(
      `${name}: ${error instanceof ConfigError ? error.message : reasonOf(error)}\n`,
    )
    process.exitCode = 1
  }
}
