import { run } from './run.ts'

/** Seconds without a byte before Bun closes a connection: its largest, above any request's deadline of ours by default. */
const IDLE_TIMEOUT_SECONDS = 255

await run(async (fetch, { hostname, port }) => {
  const server = Bun.serve({
    fetch: (request, server) =>
      fetch(request, { remoteAddress: () => server.requestIP(request)?.address }),
    hostname,
    port,
    idleTimeout: IDLE_TIMEOUT_SECONDS,
  })
  return { port: server.port ?? port, stop: () => server.stop() }
})
