import { once } from 'node:events'
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2'
import { createConnection as connectSocket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { listenHttp2 } from '../app/http2.ts'
import type { Server } from '../app/ports.ts'

type Fetch = Parameters<typeof listenHttp2>[0]

let server: Server
let session: ClientHttp2Session
afterEach(async () => {
  session.destroy()
  await server.stop()
})

async function start(fetch: Fetch): Promise<void> {
  server = await listenHttp2(fetch, { hostname: '127.0.0.1', port: 0 })
  session = connect(`http://127.0.0.1:${server.port}`)
  session.on('error', () => undefined)
  await once(session, 'remoteSettings')
}

/** Sends a request, and resolves with all that comes back. */
async function ask(headers: OutgoingHttpHeaders = {}, body = 'body') {
  const stream = session.request({ ':method': 'POST', ':path': '/', ...headers })
  let trailers = {}
  stream.on('trailers', (all) => {
    trailers = all
  })
  const response = once(stream, 'response')
  stream.end(body)
  const [answer] = await response
  let text = ''
  for await (const chunk of stream) text += chunk
  return { headers: answer, trailers, text }
}

const HEADERS = 1
const RST_STREAM = 3
const SETTINGS = 4
const END_HEADERS = 4

function frame(type: number, stream: number, payload: readonly number[]): Buffer {
  const begin = Buffer.alloc(9)
  begin.writeUIntBE(payload.length, 0, 3)
  begin.writeUInt8(type, 3)
  begin.writeUInt8(type === HEADERS ? END_HEADERS : 0, 4)
  begin.writeUInt32BE(stream, 5)
  return Buffer.concat([begin, Buffer.from(payload)])
}

describe('a server of HTTP/2', () => {
  it('answers requests with what is sent in them', async () => {
    await start(async (request, { remoteAddress }) => {
      const { method, headers, url } = request
      const of = headers.get('x-of')
      return Response.json([method, url, of, await request.text(), remoteAddress()])
    })
    const { text } = await ask({ ':path': '/a?b', 'x-of': ['c', 'd'] })
    expect(JSON.parse(text)).toEqual(['POST', 'http://localhost/a?b', 'c, d', 'body', '127.0.0.1'])
  })

  it("sends gRPC's status behind a body, and the status of HTTP as 200", async () => {
    const headers = { 'grpc-status': '0', 'x-a': 'b', connection: 'keep-alive' }
    await start(() => new Response('message', { status: 503, headers }))
    const { headers: got, trailers, text } = await ask()
    expect(got).toMatchObject({ ':status': 200, 'x-a': 'b' })
    expect(got).not.toHaveProperty('connection')
    expect(trailers).toMatchObject({ 'grpc-status': '0' })
    expect(text).toBe('message')
  })

  it("sends gRPC's status in place of a body", async () => {
    await start(() => new Response(null, { headers: { 'grpc-status': '8' } }))
    const { headers, text } = await ask()
    expect(headers).toMatchObject({ ':status': 200, 'grpc-status': '8' })
    expect(text).toBe('')
  })

  it('aborts a request that is reset', async () => {
    const aborted: Promise<unknown>[] = []
    await start(async (request) => {
      aborted.push(once(request.signal, 'abort'))
      stream.close(8)
      await aborted[0]
      return new Response()
    })
    const stream = session.request({ ':method': 'POST', ':path': '/' })
    stream.on('error', () => undefined)
    await once(stream, 'close')
    await aborted[0]
    expect(aborted).toHaveLength(1)
  })

  it('survives a request that is none', async () => {
    await start(() => new Response('well'))
    const stream = session.request({ ':method': 'TRACE', ':path': '/' })
    await new Promise((resolve) => {
      stream.on('error', () => undefined)
      stream.once('close', resolve).resume()
    })
    expect((await ask()).text).toBe('well')
  })

  it('resets what is left of a request that is answered before it is read', async () => {
    await start(() => new Response('enough'))
    const stream = session.request({ ':method': 'POST', ':path': '/' })
    const closed = new Promise((resolve) => stream.once('close', resolve))
    stream.write('the beginning')
    let text = ''
    stream.on('data', (chunk) => {
      text += chunk
    })
    await closed
    expect(text).toBe('enough')
    expect(stream.rstCode).toBe(0)
  })

  it('allows a hundred requests at once', async () => {
    await start(() => new Response())
    expect(session.remoteSettings).toMatchObject({
      maxConcurrentStreams: 100,
      maxHeaderListSize: 16_384,
    })
  })

  it('cuts off a client that resets request after request', async () => {
    await start(() => new Promise<Response>(() => undefined))
    const socket = connectSocket({ port: server.port, host: '127.0.0.1' })
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.on('error', () => undefined).resume()
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
    socket.write(frame(SETTINGS, 0, []))
    for (let i = 0; i < 3000; i++) {
      // POST http / of no host, and CANCEL.
      socket.write(frame(HEADERS, 2 * i + 1, [0x83, 0x86, 0x84]))
      socket.write(frame(RST_STREAM, 2 * i + 1, [0, 0, 0, 8]))
    }
    await closed
    expect(socket.destroyed).toBe(true)
  })

  it('finishes requests in flight when it stops', async () => {
    const started = Promise.withResolvers<void>()
    const response = Promise.withResolvers<Response>()
    await start(() => {
      started.resolve()
      return response.promise
    })
    const told = once(session, 'goaway')
    const last = ask()
    await started.promise
    const stopped = server.stop()
    await told
    response.resolve(new Response('late'))
    expect((await last).text).toBe('late')
    await stopped
  })
})
