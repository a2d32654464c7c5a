import { once } from 'node:events'
import {
  constants,
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2'
import { Readable } from 'node:stream'
import type { Address, Server } from './ports.ts'

/** What answers a request, and what it may know of the connection. */
type Fetch = (
  request: Request,
  connection: { remoteAddress(): string | undefined; readonly shared: true },
) => Response | Promise<Response>

/**
 * What one connection may hold: 100 requests, each with 64 KiB of a body that is not read yet, and
 * 16 KiB of headers. One that resets more than 1,000 of them, and then 33 a second, is cut off (rapid
 * reset, CVE-2023-44487).
 */
const LIMITS: ServerOptions = {
  settings: { maxConcurrentStreams: 100, maxHeaderListSize: 16_384, initialWindowSize: 65_535 },
  streamResetBurst: 1000,
  streamResetRate: 33,
}

/** As long as the servers of HTTP/1 keep a connection on which nothing is sent. */
const KEEP_ALIVE_MS = 255_000

/** Headers of a connection of HTTP/1, which HTTP/2 forbids. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade'])

/**
 * Serves HTTP/2 without TLS. What a response has of gRPC's status (`grpc-status`, `grpc-message`) is
 * sent behind its body, as trailers, and its HTTP status as 200.
 */
export async function listenHttp2(fetch: Fetch, { hostname, port }: Address): Promise<Server> {
  const server = createServer(LIMITS)
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
    session.setTimeout(KEEP_ALIVE_MS, () => session.close())
  })
  // Without a listener they would be uncaught: a client that breaks the protocol is no bug of ours.
  server.on('sessionError', () => undefined)
  server.on('stream', (stream, headers) => {
    // Such as a method that no request may have. One client's doing must not end the process.
    const fail = () => stream.close(constants.NGHTTP2_INTERNAL_ERROR)
    answer(stream, headers, fetch).catch(fail)
  })
  server.listen(port, hostname)
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const session of sessions) session.close()
      return closed
    },
  }
}

async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  fetch: Fetch,
): Promise<void> {
  const { session } = stream
  const address = session?.socket.remoteAddress
  const gone = new AbortController()
  stream.once('close', () => gone.abort())
  stream.on('error', () => gone.abort())
  const request = toRequest(stream, headers, gone.signal)
  if (!request) {
    stream.close(constants.NGHTTP2_PROTOCOL_ERROR)
    return
  }
  const response = await fetch(request, { remoteAddress: () => address, shared: true })
  await send(stream, response)
  // As over HTTP/1: the client is to connect to another replica.
  if (response.headers.get('connection') === 'close') session?.close()
}

/** `undefined` if its path is none. */
function toRequest(
  stream: ServerHttp2Stream,
  { ':method': method = 'GET', ':path': path = '', ...headers }: IncomingHttpHeaders,
  signal: AbortSignal,
): Request | undefined {
  const url = path.startsWith('/') ? URL.parse(`http://localhost${path}`) : null
  if (!url) return undefined
  const body = method === 'GET' || method === 'HEAD' ? null : Readable.toWeb(stream)
  return new Request(url.href, {
    method,
    headers: toHeaders(headers),
    signal,
    body,
    duplex: 'half',
  })
}

function toHeaders(headers: IncomingHttpHeaders): Headers {
  const all = new Headers()
  for (const [name, value = ''] of Object.entries(headers)) {
    if (!name.startsWith(':')) all.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return all
}

async function send(stream: ServerHttp2Stream, response: Response): Promise<void> {
  const body = new Uint8Array(await response.arrayBuffer())
  if (stream.destroyed) return
  // What is left of a request that was answered before it was all read.
  stream.once('finish', () => {
    if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR)
  })
  const { headers, trailers } = split(response)
  if (body.byteLength === 0) {
    stream.respond({ ...headers, ...trailers }, { endStream: true })
    return
  }
  stream.respond(headers, { waitForTrailers: true })
  stream.once('wantTrailers', () => stream.sendTrailers(trailers))
  stream.end(body)
}

function split({ status, headers: all }: Response) {
  const headers: OutgoingHttpHeaders = { ':status': all.has('grpc-status') ? 200 : status }
  const trailers: OutgoingHttpHeaders = {}
  for (const [name, value] of all) {
    if (HOP_BY_HOP.has(name)) continue
    if (name.startsWith('grpc-')) trailers[name] = value
    else headers[name] = value
  }
  return { headers, trailers }
}
