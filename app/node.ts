import { once } from 'node:events'
import type { Socket } from 'node:net'
import { promisify } from 'node:util'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import { run } from './run.ts'

await run(async (fetch, { hostname, port }) => {
  const server = createAdaptorServer({
    fetch: (request, { incoming }) =>
      fetch(request, { remoteAddress: () => incoming.socket.remoteAddress }),
    hostname: 'localhost', // For a request that names no host, as HTTP/1.0 may.
  })
  const silent = trackSilent(server)
  server.listen(port, hostname)
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    stop() {
      const closed = promisify(server.close.bind(server))()
      for (const socket of silent) socket.destroy()
      return closed
    },
  }
})

/** Connections that have not sent a whole request yet: `close` would wait for them without end. */
function trackSilent(server: ServerType): ReadonlySet<Socket> {
  const silent = new Set<Socket>()
  server.on('connection', (socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  server.on('request', ({ socket }) => silent.delete(socket))
  return silent
}
