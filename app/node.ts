import { once } from 'node:events'
import type { Socket } from 'node:net'
import { promisify } from 'node:util'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import { run } from './run.ts'

/** How long a connection is kept between two requests, as on Bun: one that a gateway keeps longer may be closed under its next request. */
const KEEP_ALIVE_MS = 255_000

/** For the first request of a connection that was made just before the port closed. */
const FIRST_REQUEST_MS = 500

await run(async (fetch, { hostname, port }) => {
  const server = createAdaptorServer({
    fetch: (request, { incoming }) =>
      fetch(request, { remoteAddress: () => incoming.socket.remoteAddress }),
    hostname: 'localhost', // For a request that names no host, as HTTP/1.0 may.
    serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS },
  })
  const endQuietSoon = trackRequests(server)
  server.listen(port, hostname)
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    stop() {
      const closed = promisify(server.close.bind(server))()
      endQuietSoon()
      return closed
    },
  }
})

/**
 * Returns what ends every connection without an open request, as soon as it has had its time to send
 * one: `close` would wait without end for those that never do, and for those that are kept.
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
    const endQuiet = () => {
      for (const socket of open.keys()) count(socket, 0)
    }
    setTimeout(endQuiet, FIRST_REQUEST_MS).unref()
  }
}
