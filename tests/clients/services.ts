import { createHash } from 'node:crypto'
import { type Runtime, ServiceProcess } from '../../harness/process.ts'

/** Each client has a key of its own, and so a rate limit of its own. */
const keyOf = (client: string): string => `key-of-${client}`

const digestOf = (key: string) => createHash('sha256').update(key).digest('hex')

/** What `python/checks.py` expects of the rate limit. */
const TEXTS_PER_MINUTE = '60'

export interface Services {
  /** What a client's program reads from its environment. */
  environmentOf(client: string): Record<string, string>
  stop(): Promise<void>
}

/** Starts the service twice: open, and with API keys and a rate limit. */
export async function startServices(
  runtime: Runtime,
  clients: readonly string[],
): Promise<Services> {
  const common = { GRPC_PORT: '0', DRAIN_SECONDS: '0' }
  const open = new ServiceProcess(runtime, common)
  const guarded = new ServiceProcess(runtime, {
    ...common,
    API_KEYS: clients.map((client) => digestOf(keyOf(client))).join(),
    RATE_LIMIT_TEXTS_PER_MINUTE: TEXTS_PER_MINUTE,
  })
  const services = [open, guarded]
  const stop = async () => {
    await Promise.all(services.map((service) => service.stop()))
  }
  try {
    await Promise.all(services.map((service) => service.ready()))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    environmentOf: (client) => ({
      URL: open.url,
      GRPC_TARGET: open.grpcTarget,
      GUARDED_URL: guarded.url,
      GUARDED_GRPC_TARGET: guarded.grpcTarget,
      KEY: keyOf(client),
    }),
    stop,
  }
}
