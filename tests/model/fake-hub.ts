import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

export const COMMIT = '0123456789abcdef0123456789abcdef01234567'

type Fault = (request: IncomingMessage, response: ServerResponse) => boolean

/**
 * An HTTP server with the hub's API: a model's commit, and files by redirects to a second path, with
 * ETags and ranges. `faults` run first; each responds to a request or passes it on.
 */
export class FakeHub {
  readonly requests: { url: string; range: string | undefined; token: string | undefined }[] = []
  faults: Fault[] = []
  readonly #server: Server
  readonly #files: Record<string, Buffer>
  url = ''

  private constructor(files: Record<string, Buffer>) {
    this.#files = files
    this.#server = createServer((request, response) => this.#answer(request, response))
  }

  static async start(files: Record<string, Buffer>): Promise<FakeHub> {
    const hub = new FakeHub(files)
    hub.#server.listen(0, '127.0.0.1')
    await once(hub.#server, 'listening')
    const address = hub.#server.address()
    hub.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    return hub
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { range, authorization } = request.headers
    const url = request.url ?? ''
    this.requests.push({ url, range, token: authorization })
    if (this.faults.some((fault) => fault(request, response))) return
    if (url.startsWith('/api/models/')) sendJson(response, { id: 'owner/model', sha: COMMIT })
    else this.#sendFile(request, response)
  }

  #sendFile({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const body = this.#files[decodeURIComponent(url.split('/').slice(5).join('/'))]
    if (!body) response.writeHead(404, { 'X-Error-Code': 'EntryNotFound' }).end()
    else if (url.startsWith('/cdn/')) sendRange(response, body, headers.range)
    else response.writeHead(302, { Location: url.replace(/^\/[^/]+/, '/cdn') }).end()
  }
}

/** Answers the first `times` requests for a path with a status. */
export function failing(path: string, status: number, times = Number.POSITIVE_INFINITY): Fault {
  let left = times
  return (request, response) => {
    if (!request.url?.includes(path) || left-- <= 0) return false
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":"no"}')
    return true
  }
}

/** Breaks the connection after some bytes of a file's body, the first `times` times. */
export function breaking(path: string, body: Buffer, times = Number.POSITIVE_INFINITY): Fault {
  let left = times
  return (request, response) => {
    const { range } = request.headers
    if (!request.url?.startsWith('/cdn') || !request.url.includes(path)) return false
    if (range === 'bytes=0-0' || left-- <= 0) return false
    const start = startOf(range)
    response.writeHead(206, headersOf(body, start, body.length - 1))
    response.write(body.subarray(start, start + 10), () => response.destroy())
    return true
  }
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function sendRange(response: ServerResponse, body: Buffer, range: string | undefined): void {
  const start = startOf(range)
  const end = Number(range?.split('-')[1] || body.length - 1)
  response.writeHead(206, headersOf(body, start, end)).end(body.subarray(start, end + 1))
}

const startOf = (range: string | undefined) => Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0)

const headersOf = (body: Buffer, start: number, end: number) => ({
  ETag: `"${createHash('sha256').update(body).digest('hex')}"`,
  'Accept-Ranges': 'bytes',
  'Content-Range': `bytes ${start}-${end}/${body.length}`,
  'Content-Length': String(end - start + 1),
})
