import { once } from 'node:events'
import { createConnection } from 'node:net'

/** Silence after which an exchange on an open connection counts as over. */
const QUIET_MS = 1500

export interface Exchange {
  /** Whether the server ended the connection. */
  readonly closed: boolean
  /** All bytes of the server, as Latin-1. */
  readonly received: string
  /** The statuses of all answers, 100 among them, in order. */
  readonly statuses: readonly number[]
}

/**
 * Sends bytes as they are to a port of this machine, each part in a packet of its own, and reads until
 * the server closes the connection or falls silent. Goes on writing whatever comes.
 */
export async function exchange(
  port: number,
  parts: readonly (string | Uint8Array)[],
  quietMs = QUIET_MS,
): Promise<Exchange> {
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true })
  const chunks: Buffer[] = []
  let closed = false
  let quietSince = performance.now()
  socket.on('error', () => undefined) // The server may not want the rest.
  socket.on('close', () => {
    closed = true
  })
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    quietSince = performance.now()
  })
  await once(socket, 'connect')
  for (const part of parts) {
    if (!closed) await new Promise((resolve) => socket.write(part, resolve))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  quietSince = performance.now()
  while (!closed && performance.now() - quietSince < quietMs) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  socket.destroy()
  const received = Buffer.concat(chunks).toString('latin1')
  const statuses = [...received.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, status]) =>
    Number(status),
  )
  return { closed, received, statuses }
}
