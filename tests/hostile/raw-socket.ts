import { once } from 'node:events'
import { createConnection } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What came back on one connection. */
export interface Exchange {
  /** Of the answers in order, without interim ones (1xx). */
  readonly statuses: readonly number[]
  readonly text: string
  /** Whether the other side closed the connection. */
  readonly closed: boolean
}

/** A body ends without a line break, so the next answer may start within a line. */
const STATUS_LINE = /HTTP\/1\.[01] ([2-5]\d\d) /g

/** After the last byte that came: a second answer would follow at once. */
const QUIET_MS = 250
/** For a first byte. */
const PATIENCE_MS = 2500

/**
 * Sends chunks of bytes, each in a packet of its own, and reads until the other side closes the
 * connection or is quiet.
 */
export async function exchange(port: number, chunks: readonly Buffer[]): Promise<Exchange> {
  const socket = createConnection({ port, host: '127.0.0.1' }).setNoDelay()
  const received: Buffer[] = []
  let closed = false
  let lastAt = performance.now()
  socket.on('data', (chunk) => {
    received.push(chunk)
    lastAt = performance.now()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    closed = true
  })
  await once(socket, 'connect').catch(() => undefined)
  for (const chunk of chunks) {
    if (closed) break
    await new Promise((resolve) => socket.write(chunk, resolve))
    if (chunks.length > 1) await sleep(1)
  }
  lastAt = performance.now()
  const patience = () => (received.length > 0 ? QUIET_MS : PATIENCE_MS)
  while (!closed && performance.now() - lastAt < patience()) await sleep(10)
  socket.destroy()
  const text = Buffer.concat(received).toString('latin1')
  const statuses = [...text.matchAll(STATUS_LINE)].map(([, status]) => Number(status))
  return { statuses, text, closed }
}
