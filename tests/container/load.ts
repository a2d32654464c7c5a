import { Agent, type ClientRequest, request } from 'node:http'
import { Arrivals } from '../../harness/arrivals.ts'

/** Outcomes of requests. Lost: the connection was accepted, but the response was not a 200. */
interface Tally {
  answered: number
  /** Connection refused: a load balancer would try another replica. */
  refused: number
  readonly lost: string[]
}

type Outcome = 'answered' | 'refused' | { readonly lost: string }

const CONNECT_TIMEOUT_MS = 1000
const ANSWER_TIMEOUT_MS = 40_000
const MAX_OPEN = 500
/** One of this many requests is long, and so in flight when a port closes. */
const LONG_EVERY = 25
const LONG_TEXTS = 48

/**
 * Open-loop load over connections that are kept until `Connection: close`. No retries.
 */
export class Load {
  readonly #address: string
  readonly #agent = new Agent({ keepAlive: true })
  readonly #arrivals: Arrivals
  readonly tally: Tally = { answered: 0, refused: 0, lost: [] }

  constructor(address: string, requestsPerSecond: number) {
    this.#address = address
    this.#arrivals = new Arrivals(requestsPerSecond, (number) => this.#send(number))
  }

  /** Stops sending, and resolves once all requests have ended. */
  async stop(): Promise<Tally> {
    await this.#arrivals.stop()
    this.#agent.destroy()
    return this.tally
  }

  async #send(number: number): Promise<void> {
    if (this.#arrivals.open >= MAX_OPEN) {
      this.tally.lost.push('not sent: too many are open')
      return
    }
    const texts = number % LONG_EVERY === 0 ? LONG_TEXTS : 1
    const text = Array.from(
      { length: texts },
      (_, i) => `New text ${number} of ${i}, and it is good.`,
    )
    const headers = { 'content-type': 'application/json' }
    const sent = request(`${this.#address}/predict`, {
      method: 'POST',
      headers,
      agent: this.#agent,
    })
    sent.end(JSON.stringify({ text: ['I love you.', ...text] }))
    const outcome = await outcomeOf(sent)
    if (typeof outcome === 'string') this.tally[outcome]++
    else this.tally.lost.push(outcome.lost)
  }
}

function outcomeOf(sent: ClientRequest): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  let connected = false
  const fail = (error: Error) => {
    const lost = `${error.message}${sent.reusedSocket ? ', on a kept connection' : ''}`
    resolve(connected ? { lost } : 'refused')
    sent.destroy()
  }
  const timers = [
    setTimeout(() => connected || fail(new Error('no connection')), CONNECT_TIMEOUT_MS),
    setTimeout(() => fail(new Error('no answer')), ANSWER_TIMEOUT_MS),
  ]
  sent.once('socket', (socket) => {
    connected = !socket.connecting
    if (connected) return
    socket.once('connect', () => {
      connected = true
    })
  })
  sent.once('response', (response) => {
    const { statusCode } = response
    response.once('error', fail)
    response.once('end', () => resolve(statusCode === 200 ? 'answered' : { lost: `${statusCode}` }))
    response.resume()
  })
  sent.once('error', fail)
  return promise.finally(() => timers.forEach(clearTimeout))
}
