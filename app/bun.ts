import { type Handlers, run } from './run.ts'

/** Seconds without a byte before Bun closes a connection: its largest, above the longest deadline of a request. */
const IDLE_TIMEOUT_SECONDS = 255

/** How soon Bun can be told to close a connection on which nothing moves; it takes up to 4 seconds more. */
const SOONEST_SECONDS = 1

/** What is in no host's name: Bun joins the values of two Host headers by a comma. */
const NO_HOST = /[\s,/?#@\\]/

await run(async ({ fetch, refuse }, { hostname, port }) => {
  const isHost = createHostCheck()
  const server = Bun.serve({
    fetch(request, server) {
      const { headers } = request
      if (!isHost(headers.get('host') ?? '')) return toResponse(refuse('malformed_request'))
      const remoteAddress = () => server.requestIP(request)?.address
      const cut = () => server.timeout(request, SOONEST_SECONDS)
      const response = fetch(withHost(request), { remoteAddress, cut })
      return headers.has('transfer-encoding') ? onlyAnswer(response) : response
    },
    error: () => toResponse(refuse('internal')),
    hostname,
    port,
    development: false,
    http2: true,
    idleTimeout: IDLE_TIMEOUT_SECONDS,
    // The service counts by itself, and answers with its own error body.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  })
  return { port: server.port ?? port, stop: () => server.stop() }
})

/** A function that knows the last good host again, which is that of almost all requests. */
function createHostCheck(): (host: string) => boolean {
  let good = ''
  return (host) => {
    if (host !== good && NO_HOST.test(host)) return false
    good = host
    return true
  }
}

/**
 * Bun takes the trailers of a chunked request for a second request, and answers 400 to it
 * (oven-sh/bun#32887). So the parser comes first, and the connection is closed after the answer:
 * there is one answer, whichever of the two it is.
 */
async function onlyAnswer(answer: ReturnType<Handlers['fetch']>): Promise<Response> {
  const response = await answer
  await new Promise((resolve) => setImmediate(resolve))
  response.headers.set('connection', 'close')
  return response
}

function toResponse({ status, headers, body }: ReturnType<Handlers['refuse']>): Response {
  return new Response(body, { status, headers })
}

/** Gives a request that names no host, as HTTP/1.0 may, one to be routed by. */
function withHost(request: Request): Request {
  return request.url.startsWith('http')
    ? request
    : new Request(`http://localhost${request.url}`, request)
}
