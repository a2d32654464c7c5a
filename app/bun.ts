import { run } from './run.ts'

/** Seconds without a byte before Bun closes a connection: its largest, above the longest deadline of a request. */
const IDLE_TIMEOUT_SECONDS = 255

await run(async (fetch, { hostname, port }) => {
  const server = Bun.serve({
    fetch(request, server) {
      const remoteAddress = () => server.requestIP(request)?.address
      return fetch(withHost(request), { remoteAddress })
    },
    hostname,
    port,
    idleTimeout: IDLE_TIMEOUT_SECONDS,
    // The service counts by itself, and answers with its own error body.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  })
  return { port: server.port ?? port, stop: () => server.stop() }
})

/** Gives a request that names no host, as HTTP/1.0 may, one to be routed by. */
function withHost(request: Request): Request {
  return request.url.startsWith('http')
    ? request
    : new Request(`http://localhost${request.url}`, request)
}
