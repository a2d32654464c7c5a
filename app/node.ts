import { once } from 'node:events'
import { promisify } from 'node:util'
import { createAdaptorServer } from '@hono/node-server'
import { run } from './run.ts'

await run(async (fetch, { hostname, port }) => {
  const server = createAdaptorServer({
    fetch: (request, { incoming }) =>
      fetch(request, { remoteAddress: () => incoming.socket.remoteAddress }),
  }).listen(port, hostname)
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    stop: promisify(server.close.bind(server)),
  }
})
