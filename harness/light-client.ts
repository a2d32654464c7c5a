import type { Socket } from 'bun'

/** An answer's head, as far as it matters. */
export interface Reply {
  /** Of three digits, or why there was no answer. */
  readonly status: string
  /** Seconds; 0 if there is none. */
  readonly retryAfter: number
}

const END_OF_HEAD = '\r\n\r\n'

/**
 * An HTTP client for floods, for Bun: it costs half of what `node:net` does, which would take from the
 * service what the flood is to take. Keeps connections, and knows only answers with a Content-Length.
 */
export class LightClient {
  readonly #port: number
  readonly #most: number
  readonly #idle: Connection[] = []
  readonly #waiting: (() => void)[] = []
  #open = 0

  constructor(url: string, mostConnections: number) {
    this.#port = Number(new URL(url).port)
    this.#most = mostConnections
  }

  /**
   * Sends the bytes of a request, which `render` gives as soon as a connection is free, and which it
   * may change afterwards. Never rejects.
   */
  async send(render: () => Uint8Array): Promise<Reply> {
    while (this.#idle.length === 0 && this.#open >= this.#most)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    const connection = this.#idle.pop() ?? this.#connect()
    const reply = await connection.send(render)
    if (connection.closed) this.#open--
    else this.#idle.push(connection)
    this.#waiting.shift()?.()
    return reply
  }

  close(): void {
    for (const connection of this.#idle) connection.close()
  }

  #connect(): Connection {
    this.#open++
    return new Connection(this.#port)
  }
}

class Connection {
  #socket: Socket | undefined
  #received = ''
  #reply: ((reply: Reply) => void) | undefined
  closed = false
  readonly #port: number

  constructor(port: number) {
    this.#port = port
  }

  async send(render: () => Uint8Array): Promise<Reply> {
    if (this.closed) return none('closed')
    try {
      this.#socket ??= await this.#connect()
    } catch (error) {
      this.closed = true
      return none(error instanceof Error && 'code' in error ? String(error.code) : 'unconnected')
    }
    const reply = new Promise<Reply>((resolve) => {
      this.#reply = resolve
    })
    const request = render()
    if (this.#socket.write(request) < request.length) this.#end(none('unsent'))
    return await reply
  }

  close(): void {
    this.#socket?.end()
  }

  #connect(): Promise<Socket> {
    return Bun.connect({
      hostname: '127.0.0.1',
      port: this.#port,
      socket: {
        data: (_, chunk) => this.#read(chunk),
        close: () => this.#fail(),
        error: () => this.#fail(),
      },
    })
  }

  #read(chunk: Buffer): void {
    this.#received += chunk.toString('latin1')
    const end = this.#received.indexOf(END_OF_HEAD)
    if (end < 0) return
    const head = this.#received.slice(0, end).toLowerCase()
    if (this.#received.length < end + END_OF_HEAD.length + numberIn(head, 'content-length')) return
    this.#received = ''
    if (head.includes('\r\nconnection: close')) this.closed = true
    this.#end({ status: head.slice(9, 12), retryAfter: numberIn(head, 'retry-after') })
  }

  #fail(): void {
    this.closed = true
    this.#end(none('closed'))
  }

  #end(reply: Reply): void {
    this.#reply?.(reply)
    this.#reply = undefined
  }
}

const none = (status: string): Reply => ({ status, retryAfter: 0 })

function numberIn(head: string, name: string): number {
  const at = head.indexOf(`\r\n${name}: `)
  return at < 0 ? 0 : Number.parseInt(head.slice(at + name.length + 4), 10)
}
