import { once } from 'node:events'
import type { Socket } from 'node:net'
import { promisify } from 'node:util'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import { run } from './run.ts'

/** How long a connection is kept between two requests, as on Bun: one that a gateway keeps longer may be closed under its next request. */
const KEEP_ALIVE_MS = 255_000

await run(async (fetch, { hostname, port }) => {
  const server = createAdaptorServer({
    fetch: (request, { incoming }) =>
      fetch(request, { remoteAddress: () => incoming.socket.remoteAddress }),
    hostname: 'localhost', // For a request that names no host, as HTTP/1.0 may.
    serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS },
  })
  const endQuiet = trackRequests(server)
  server.listen(port, hostname)
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    stop() {
      const closed = promisify(server.close.bind(server))()
      endQuiet()
      return closed
    },
  }
})

/**
 * Returns what ends every connection without an open request, now or as soon as it has none: `close`
 * would wait without end for those that never send one, and for those that are kept for the next one.
 */
function trackRequests(server: ServerType): () => void {
  const open = new Map<Socket, number>()
  let ending = false
  const count = (socket: Socket, change: number) => {
    const requests = open.get(socket)
    if (requests === undefined) return // It has closed.
    open.set(socket, requests + change)
    if (ending && requests + change === 0) socket.destroy()
  }
  server.on('connection', (socket) => {
    open.set(socket, 0)
    socket.once('close', () => open.delete(socket))
  })
  server.on('request', ({ socket }, response) => {
    count(socket, 1)
    response.once('close', () => count(socket, -1))
  })
  return () => {
    ending = true
    for (const socket of open.keys()) count(socket, 0)
  }
}
