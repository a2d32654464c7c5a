import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { promisify } from 'node:util'
import { getRequestListener } from '@hono/node-server'
import { type Handlers, run } from './run.ts'

type Refusal = ReturnType<Handlers['refuse']>
type Code = Parameters<Handlers['refuse']>[0]

/** How long a connection is kept between two requests, as on Bun: one that a gateway keeps longer may be closed under its next request. */
const KEEP_ALIVE_MS = 255_000

/** For the head of a request. Its body has deadlines of its own: a stream of rows may take hours. */
const HEADERS_MS = 60_000
const NO_TIMEOUT = 0

/** For the first request of a connection that was made just before the port closed. */
const FIRST_REQUEST_MS = 500

/** For a client that still writes to read why it is refused: closed at once, it would be reset. */
const LAST_ANSWER_MS = 500

/** What the parser's errors mean to the client; any other is a malformed request. */
const CODES = new Map<unknown, Code>([
  ['HPE_HEADER_OVERFLOW', 'headers_too_large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 'payload_too_large'],
  ['HPE_INVALID_VERSION', 'unsupported_http_version'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request_timeout'],
])

await run(async (handlers, { hostname, port }) => {
  const server = createServer({
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_MS,
    requestTimeout: NO_TIMEOUT,
  })
  const open = trackRequests(server)
  answerRequests(server, handlers)
  answerParserErrors(server, open, handlers)
  server.listen(port, hostname)
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    stop() {
      const closed = promisify(server.close.bind(server))()
      open.endQuietSoon()
      return closed
    },
  }
})

function answerRequests(server: Server, { fetch, refuse }: Handlers): void {
  const waiting = new WeakSet<object>()
  const listener = getRequestListener(
    (request, { incoming, outgoing }) =>
      fetch(request, {
        remoteAddress: () => incoming.socket.remoteAddress,
        wantBody() {
          if (waiting.has(incoming)) outgoing.writeContinue()
        },
        cut: () => incoming.socket.destroy(),
      }),
    {
      hostname: 'localhost', // For a request that names no host, as HTTP/1.0 may.
      errorHandler: () => toResponse(refuse('malformed_request')), // A target or host that is no URL.
    },
  )
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const code = whyRefused(incoming)
    if (!code) return void listener(incoming, outgoing)
    send(outgoing, refuse(code))
  }
  server.on('request', answer)
  server.on('checkExpectation', (_, outgoing) => send(outgoing, refuse('expectation_failed')))
  server.on('checkContinue', (incoming, outgoing) => {
    waiting.add(incoming)
    answer(incoming, outgoing)
  })
}

/** What Node's parser lets pass, and others might read in another way. */
function whyRefused({ httpVersionMajor, httpVersionMinor, headers, rawHeaders }: IncomingMessage) {
  if (httpVersionMajor !== 1) return 'unsupported_http_version'
  const encoding = headers['transfer-encoding']
  const isChunked = encoding === undefined || encoding.toLowerCase() === 'chunked'
  const isOld = httpVersionMinor === 0 && encoding !== undefined
  return isChunked && !isOld && !hasTwoHosts(rawHeaders) ? undefined : 'malformed_request'
}

/** A plain loop, as every request passes it. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++
  }
  return hosts > 1
}

/** Answers what the parser refuses, unless an answer has begun or others come before it. */
function answerParserErrors(server: Server, open: OpenRequests, { refuse }: Handlers): void {
  const refused = new WeakSet<object>()
  server.on('clientError', (error: Error & { code?: unknown }, socket) => {
    if (refused.has(socket)) return
    refused.add(socket)
    if (error.code === 'ECONNRESET' || !socket.writable || open.hasAnswers(socket)) {
      socket.destroy()
      return
    }
    const refusal = refuse(CODES.get(error.code) ?? 'malformed_request')
    socket.end(toBytes(refusal))
    setTimeout(() => socket.destroy(), LAST_ANSWER_MS).unref()
  })
}

function toResponse({ status, headers, body }: Refusal): Response {
  return new Response(body, { status, headers })
}

function send(outgoing: ServerResponse, { status, headers, body }: Refusal): void {
  outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
}

function toBytes({ status, title, headers, body }: Refusal): string {
  const all = { ...headers, date: new Date().toUTCString(), 'content-length': body.length }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${title}\r\n${lines.join('')}\r\n${body}`
}

type OpenRequests = ReturnType<typeof trackRequests>

function trackRequests(server: Server) {
  const open = new Map<unknown, Set<ServerResponse>>()
  let ending = false
  const endIfQuiet = (socket: Socket) => {
    if (ending && open.get(socket)?.size === 0) socket.destroy()
  }
  const track = ({ socket }: IncomingMessage, response: ServerResponse) => {
    open.get(socket)?.add(response)
    response.once('close', () => {
      open.get(socket)?.delete(response)
      endIfQuiet(socket)
    })
  }
  server.on('connection', (socket) => {
    open.set(socket, new Set())
    socket.once('close', () => open.delete(socket))
  })
  for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, track)

  return {
    /** Whether an answer has begun on a connection, or several are awaited. */
    hasAnswers(socket: unknown): boolean {
      const responses = [...(open.get(socket) ?? [])]
      return responses.length > 1 || responses.some((response) => response.headersSent)
    },
    /**
     * Ends every connection without an open request, as soon as it has had its time to send one:
     * `close` would wait without end for those that never do, and for those that are kept.
     */
    endQuietSoon(): void {
      ending = true
      const endQuiet = () => {
        for (const socket of open.keys()) if (socket instanceof Socket) endIfQuiet(socket)
      }
      setTimeout(endQuiet, FIRST_REQUEST_MS).unref()
    },
  }
}
