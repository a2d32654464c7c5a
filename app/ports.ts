import { lookup } from 'node:dns/promises'
import { type Config, ConfigError } from './config.ts'

export interface Address {
  readonly hostname: string
  /** 0: any free port. */
  readonly port: number
}

export interface Server {
  readonly port: number
  /** Stops accepting connections, and resolves once every open request is answered. */
  stop(): Promise<unknown>
}

type Open = (address: Address) => Promise<Server>
type Name = 'PORT' | 'INTERNAL_PORT' | 'GRPC_PORT'
type Where = Pick<Config, 'HOST' | Name>

/**
 * Checks that the public ports are free, before the model is warmed, which takes seconds. Closes them
 * again at once: nothing could answer requests yet. If another process takes one meanwhile,
 * `openPort` fails with the same message. Throws a `ConfigError`.
 */
export async function checkPorts(where: Where, open: Open): Promise<void> {
  await lookup(where.HOST).catch(() => {
    throw configError('HOST', `"${where.HOST}" can’t be resolved`)
  })
  for (const name of ['PORT', 'GRPC_PORT'] as const) {
    if (!where[name]) continue
    const server = await openPort(where, name, open)
    await server.stop()
  }
}

/** Opens a port. Throws a `ConfigError` that names the setting to change. */
export async function openPort(where: Where, name: Name, open: Open): Promise<Server> {
  try {
    return await open({ hostname: where.HOST, port: where[name] ?? 0 })
  } catch (error) {
    throw toConfigError(codeOf(error), where, name) ?? error
  }
}

function toConfigError(code: unknown, where: Where, name: Name): ConfigError | undefined {
  const { HOST, [name]: port } = where
  if (code === 'EADDRINUSE')
    return configError(
      name,
      `${port} is in use on ${HOST} by another process: stop it, or change ${name}`,
    )
  if (code === 'EACCES') return configError(name, `this user may not open port ${port}`)
  if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')
    return configError('HOST', `${HOST} is not an address of this machine`)
  return undefined
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? error.code : undefined

const configError = (name: string, message: string) => new ConfigError([`${name}: ${message}`])
