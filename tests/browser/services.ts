import { createHash } from 'node:crypto'
import { type Runtime, ServiceProcess } from '../../harness/process.ts'

export const KEY = 'key-of-a-browser'

const SETTINGS = {
  open: {},
  /** Asks for a key. */
  guarded: { API_KEYS: createHash('sha256').update(KEY).digest('hex') },
  /** Allows 60 texts a minute. */
  limited: {
    RATE_LIMIT_TEXTS_PER_MINUTE: '60',
    EXPLAIN: 'false',
    // Each view is a caller of its own.
    TRUSTED_PROXIES: '127.0.0.0/8',
  },
} as const

export type Services = Readonly<Record<keyof typeof SETTINGS, string>>

/** Starts the service, with the real model, in each of its ways; resolves with their addresses. */
export async function startServices(runtime: Runtime) {
  const processes = Object.entries(SETTINGS).map(
    ([name, env]) => [name, new ServiceProcess(runtime, { DRAIN_SECONDS: '0', ...env })] as const,
  )
  const stop = async () => {
    await Promise.all(processes.map(([, service]) => service.stop()))
  }
  try {
    await Promise.all(processes.map(([, service]) => service.ready()))
  } catch (error) {
    await stop()
    throw error
  }
  const [open = '', guarded = '', limited = ''] = processes.map(([, { url }]) => url)
  return { services: { open, guarded, limited }, stop }
}
