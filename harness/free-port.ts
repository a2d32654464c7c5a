import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the range from which systems take ports for outgoing connections and for port 0. */
const FIRST_PORT = 20_000
const LAST_PORT = 32_000
const ATTEMPTS = 1000

/**
 * A free TCP port of 127.0.0.1 for a server that must be told its port. No other call, of this or
 * another process, returns it while this process lives: the UDP port of the same number is held as
 * its lock, which the system releases at exit.
 */
export async function freePort(): Promise<number> {
  for (let i = 0; i < ATTEMPTS; i++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT))
    if ((await lock(port)) && (await isFree(port))) return port
  }
  throw new Error('No free port.')
}

async function lock(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref()
  socket.bind({ port, address: '127.0.0.1', exclusive: true })
  const locked = await happens(socket, 'listening')
  if (!locked) socket.close()
  return locked
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true })
  const free = await happens(server, 'listening')
  if (free) await new Promise((resolve) => server.close(resolve))
  return free
}

/** False if an error comes first. */
const happens = (emitter: NodeJS.EventEmitter, event: string): Promise<boolean> =>
  once(emitter, event).then(
    () => true,
    () => false,
  )
