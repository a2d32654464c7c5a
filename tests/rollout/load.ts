import { Agent, request } from 'node:http'
import { z } from 'zod'
import { Arrivals } from '../../harness/arrivals.ts'

const HOT = ['I love you.', 'I hate you.']
const MAX_OPEN = 1000
const SHOWN_CHARS = 120

const Scores = z.tuple([z.object({ score: z.number() }), z.object({ score: z.number() })])
const Prediction = z.object({ predictions: z.tuple([Scores, Scores, Scores]) })

/** Outcomes of the requests of one phase. */
export interface Tally {
  requests: number
  /** Number of failures by reason. */
  readonly failures: Map<string, number>
  readonly ms: number[]
}

const createTally = (): Tally => ({ requests: 0, failures: new Map(), ms: [] })

/**
 * Open-loop load over keep-alive connections; each request has two cache hits and one miss.
 */
export class Load {
  readonly #url: string
  readonly #agent = new Agent({ keepAlive: true })
  readonly #arrivals: Arrivals
  #tally = createTally()

  constructor(url: string, requestsPerSecond: number) {
    this.#url = `${url}/predict`
    this.#arrivals = new Arrivals(requestsPerSecond, (number, dueAt) => this.#send(number, dueAt))
  }

  /** Outcomes since the last call, once all requests have ended. */
  async take(): Promise<Tally> {
    const taken = this.#tally
    this.#tally = createTally()
    await this.#arrivals.settled()
    return taken
  }

  /** Stops sending, and resolves once all requests have ended. */
  async stop(): Promise<void> {
    await this.#arrivals.stop()
    this.#agent.destroy()
  }

  async #send(number: number, dueAt: number): Promise<void> {
    const into = this.#tally
    into.requests++
    const failure =
      this.#arrivals.open < MAX_OPEN
        ? await this.#ask([...HOT, `${performance.timeOrigin} ${number}`]).catch(String)
        : 'not sent: too many are open'
    into.ms.push(performance.now() - dueAt)
    if (failure) into.failures.set(failure, (into.failures.get(failure) ?? 0) + 1)
  }

  /** What is wrong with a response; `undefined` if nothing is. */
  async #ask(text: readonly string[]): Promise<string | undefined> {
    const { status, body } = await post(this.#url, JSON.stringify({ text }), this.#agent)
    if (status !== 200) return `status ${status}: ${body.slice(0, SHOWN_CHARS)}`
    const { data } = Prediction.safeParse(JSON.parse(body))
    const [love, hate] = data?.predictions ?? []
    if (!love || !hate) return 'not three predictions'
    return love[1].score > 0.5 && hate[1].score < 0.5 ? undefined : 'a wrong prediction'
  }
}

function post(url: string, body: string, agent: Agent): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>()
  const headers = { 'content-type': 'application/json' }
  const sent = request(url, { method: 'POST', headers, agent }, (response) => {
    const parts: Buffer[] = []
    response.on('data', (part) => parts.push(part))
    response.once('error', reject)
    response.once('end', () => {
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() })
    })
  })
  sent.once('error', reject)
  sent.end(body)
  return promise
}
