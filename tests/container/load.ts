import { Agent, type ClientRequest, request } from 'node:http'
import { Arrivals } from '../../harness/arrivals.ts'

/** What became of requests. Lost: the service had taken the connection, and did not answer with 200. */
interface Tally {
  answered: number
  /** No connection was made: another replica would be asked. */
  refused: number
  readonly lost: string[]
}

type Outcome = 'answered' | 'refused' | { readonly lost: string }

const CONNECT_TIMEOUT_MS = 1000
const ANSWER_TIMEOUT_MS = 40_000
const MAX_OPEN = 500
/** Every so many requests a long one, which is still being answered when a port closes. */
const LONG_EVERY = 25
const LONG_TEXTS = 48

/**
 * Requests at a constant rate, whether those before are answered or not, over connections that are
 * kept until the service says `Connection: close`. Nothing is sent twice.
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

  /** Sends no more, and resolves once everything that was sent has come to an end. */
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
