import { createConnection, type Socket } from 'node:net'

/** An answer's head, as far as it matters. */
export interface Reply {
  /** Of three digits, or why there was no answer: the code of an error, or `closed`. */
  readonly status: string
  /** Seconds; 0 if there is none. */
  readonly retryAfter: number
}

const END_OF_HEAD = '\r\n\r\n'

/**
 * An HTTP client for floods: it costs a third of `node:http`, which would take from the service what
 * the flood is to take. Keeps connections, and knows only answers with a Content-Length.
 */
export class LightClient {
  readonly #port: number
  readonly #most: number
  readonly #idle: Connection[] = []
  readonly #waiting: ((connection: Connection) => void)[] = []
  #open = 0

  constructor(url: string, mostConnections: number) {
    this.#port = Number(new URL(url).port)
    this.#most = mostConnections
  }

  /** Sends a body in ASCII. Waits for a connection if all are busy; never rejects. */
  async post(path: string, body: string, headers = ''): Promise<Reply> {
    const connection = await this.#take()
    const length = body.length
    const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${headers}content-length: ${length}${END_OF_HEAD}`
    const reply = await connection.send(head + body)
    this.#giveBack(connection)
    return reply
  }

  close(): void {
    for (const connection of this.#idle) connection.close()
  }

  #take(): Connection | Promise<Connection> {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (!idle.closed) return idle
      this.#open--
    }
    if (this.#open >= this.#most) return new Promise((resolve) => this.#waiting.push(resolve))
    this.#open++
    return new Connection(this.#port)
  }

  #giveBack(connection: Connection): void {
    const next = this.#waiting.shift()
    if (next) next(connection.closed ? new Connection(this.#port) : connection)
    else this.#idle.push(connection)
  }
}

class Connection {
  readonly #socket: Socket
  #received = ''
  #reply: ((reply: Reply) => void) | undefined
  closed = false

  constructor(port: number) {
    this.#socket = createConnection({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.setEncoding('latin1')
    this.#socket.on('data', (chunk: string) => this.#read(chunk))
    this.#socket.on('error', (error) => this.#fail('code' in error ? `${error.code}` : error.name))
    this.#socket.on('close', () => {
      this.closed = true
      this.#fail('closed')
    })
  }

  send(request: string): Promise<Reply> {
    return new Promise((resolve) => {
      this.#reply = resolve
      this.#socket.write(request, 'latin1')
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: string): void {
    this.#received += chunk
    const end = this.#received.indexOf(END_OF_HEAD)
    if (end < 0) return
    const head = this.#received.slice(0, end).toLowerCase()
    if (this.#received.length < end + END_OF_HEAD.length + numberIn(head, 'content-length')) return
    this.#received = ''
    if (head.includes('\r\nconnection: close')) this.closed = true
    this.#end({ status: head.slice(9, 12), retryAfter: numberIn(head, 'retry-after') })
  }

  #fail(why: string): void {
    this.#end({ status: why, retryAfter: 0 })
  }

  #end(reply: Reply): void {
    this.#reply?.(reply)
    this.#reply = undefined
  }
}

function numberIn(head: string, name: string): number {
  const at = head.indexOf(`\r\n${name}: `)
  return at < 0 ? 0 : Number.parseInt(head.slice(at + name.length + 4), 10)
}
