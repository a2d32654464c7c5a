import { Agent, request } from 'node:https'
import { createInterface } from 'node:readline'
import { text as readText } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

const RECONNECT_MS = 100

export interface Call {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly type?: string
}

export interface Reply {
  readonly status: number
  readonly json: unknown
}

const Event = z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED']), object: z.unknown() })
type Event = z.infer<typeof Event>

/** Requests to the API server, as one user. */
export class Api {
  readonly #agent: Agent
  readonly #headers: Record<string, string>
  readonly url: string

  constructor(url: string, ca: string, token: string) {
    this.url = url
    this.#agent = new Agent({ ca, keepAlive: true })
    this.#headers = { authorization: `Bearer ${token}` }
  }

  call({ method, path, body, type = 'application/json' }: Call): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    const text = body === undefined ? '' : JSON.stringify(body)
    // The length too: node:http sends a DELETE's body with no framing of its own.
    const length = { 'content-length': Buffer.byteLength(text) }
    const headers = { ...this.#headers, 'content-type': type, ...length }
    const sent = request(this.url + path, { method, headers, agent: this.#agent }, (response) => {
      readText(response).then(
        (answer) => resolve({ status: response.statusCode ?? 0, json: toJson(answer) }),
        reject,
      )
    })
    sent.on('error', reject)
    sent.end(text)
    return promise
  }

  /** Reads an object; undefined if there is none. */
  async get<T>(path: string, shape: z.ZodType<T>): Promise<T | undefined> {
    const { status, json } = await this.call({ method: 'GET', path })
    if (status === 404) return undefined
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(json)}`)
    return shape.parse(json)
  }

  async list<T>(path: string, shape: z.ZodType<T>): Promise<T[]> {
    const list = await this.get(path, z.object({ items: z.array(shape) }))
    return list?.items ?? []
  }

  /** Creates an object, or leaves the one that is there. */
  async create(path: string, body: unknown): Promise<void> {
    const { status, json } = await this.call({ method: 'POST', path, body })
    if (status >= 300 && status !== 409)
      throw new Error(`POST ${path}: ${status} ${JSON.stringify(json)}`)
  }

  /** Changes some fields; false if the object is not there. */
  async merge(path: string, body: unknown): Promise<boolean> {
    const type = 'application/merge-patch+json'
    const { status, json } = await this.call({ method: 'PATCH', path, body, type })
    if (status === 404) return false
    if (status >= 300) throw new Error(`PATCH ${path}: ${status} ${JSON.stringify(json)}`)
    return true
  }

  /** Tells of all objects that are there, and of every change from then on, until stopped. */
  watch(path: string, tell: (event: Event) => void): () => void {
    const stopped = new AbortController()
    const again = async () => {
      while (!stopped.signal.aborted) {
        await this.#events(path, tell, stopped.signal).catch(() => {})
        await sleep(RECONNECT_MS)
      }
    }
    void again()
    return () => stopped.abort()
  }

  #events(path: string, tell: (event: Event) => void, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const url = `${this.url}${path}${path.includes('?') ? '&' : '?'}watch=true`
    const options = { headers: this.#headers, agent: this.#agent, signal }
    const sent = request(url, options, (response) => {
      const lines = createInterface(response)
      lines.on('line', (line) => {
        const { data } = Event.safeParse(toJson(line))
        if (data) tell(data)
      })
      response.on('error', reject)
      lines.on('error', reject)
      lines.on('close', resolve)
    })
    sent.on('error', reject)
    sent.end()
    return promise
  }

  close(): void {
    this.#agent.destroy()
  }
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
