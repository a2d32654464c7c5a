import { lookup } from 'node:dns/promises'
import { type Config, ConfigError } from './config.ts'

export interface Address {
  readonly hostname: string
  /** 0 for any free port. */
  readonly port: number
}

export interface Server {
  readonly port: number
  /** Stops accepting, and resolves once every open request is answered. */
  stop(): Promise<unknown>
}

type Open = (address: Address) => Promise<Server>
type Name = 'PORT' | 'INTERNAL_PORT'
type Where = Pick<Config, 'HOST' | Name>

/**
 * Finds out whether the public port can be had, before the model is warmed, which takes seconds. It
 * is closed again at once: an open port would take requests that nobody can answer yet. Who takes it
 * meanwhile is met by `openPort`, later and by the same message. Throws a `ConfigError`.
 */
export async function checkPort(where: Where, open: Open): Promise<void> {
  await lookup(where.HOST).catch(() => {
    throw refusal('HOST', `"${where.HOST}" can’t be resolved`)
  })
  if (where.PORT === 0) return
  const server = await openPort(where, 'PORT', open)
  await server.stop()
}

/** Opens a port. Throws a `ConfigError` that names the variable to be changed. */
export async function openPort(where: Where, name: Name, open: Open): Promise<Server> {
  try {
    return await open({ hostname: where.HOST, port: where[name] })
  } catch (error) {
    throw complaintOf(codeOf(error), where, name) ?? error
  }
}

function complaintOf(code: unknown, where: Where, name: Name): ConfigError | undefined {
  const { HOST, [name]: port } = where
  if (code === 'EADDRINUSE')
    return refusal(name, `${port} is taken on ${HOST} by another process: end it, or set ${name}`)
  if (code === 'EACCES') return refusal(name, `${port} is not allowed to this user`)
  if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')
    return refusal('HOST', `${HOST} is no address of this machine`)
  return undefined
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? error.code : undefined

const refusal = (name: string, message: string) => new ConfigError([`${name}: ${message}`])
