import { Agent, type ClientRequest, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** What became of requests. Lost: the service had taken the connection, and did not answer with 200. */
interface Tally {
  answered: number
  /** No connection was made: another replica would be asked. */
  refused: number
  /** Newly connected while the port was being closed, and reset before a byte of an answer. */
  cut: number
  readonly lost: string[]
}

type Outcome = 'answered' | 'refused' | 'cut' | { readonly lost: string }

const CONNECT_TIMEOUT_MS = 1000
const ANSWER_TIMEOUT_MS = 40_000
const MAX_OPEN = 500
/** A reset that comes earlier than this before the first refusal was not the closing's. */
const CLOSING_MS = 100
const CUT = /ECONNRESET|socket hang up/
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
  readonly #open = new Set<Promise<void>>()
  readonly tally: Tally = { answered: 0, refused: 0, cut: 0, lost: [] }
  #refusedAt = Number.POSITIVE_INFINITY
  readonly #cutsAt: number[] = []
  readonly #ended: Promise<void>
  #stopped = false

  constructor(address: string, requestsPerSecond: number) {
    this.#address = address
    this.#ended = this.#run(requestsPerSecond)
  }

  /** Sends no more, and resolves once everything that was sent has come to an end. */
  async stop(): Promise<Tally> {
    this.#stopped = true
    await this.#ended
    await Promise.all(this.#open)
    this.#agent.destroy()
    const early = this.#cutsAt.filter((at) => at < this.#refusedAt - CLOSING_MS)
    this.tally.lost.push(...early.map(() => 'reset while the port was open'))
    this.tally.cut -= early.length
    return this.tally
  }

  async #run(requestsPerSecond: number): Promise<void> {
    const startedAt = performance.now()
    for (let sent = 0; !this.#stopped; sent++) {
      const wait = startedAt + (sent * 1000) / requestsPerSecond - performance.now()
      if (wait > 0) await sleep(wait)
      if (this.#open.size >= MAX_OPEN) throw new Error('the service does not keep up with the load')
      const one = this.#send(sent).finally(() => this.#open.delete(one))
      this.#open.add(one)
    }
  }

  async #send(number: number): Promise<void> {
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
    const sentAt = performance.now()
    const outcome = await outcomeOf(sent)
    if (typeof outcome !== 'string') {
      this.tally.lost.push(outcome.lost)
      return
    }
    this.tally[outcome]++
    if (outcome === 'refused') this.#refusedAt = Math.min(this.#refusedAt, sentAt)
    if (outcome === 'cut') this.#cutsAt.push(sentAt)
  }
}

/** What a failure means depends on how far the request had come. */
type Stage = 'unconnected' | 'on a new connection' | 'on a kept connection' | 'while answered'

function toOutcome(stage: Stage, { message }: Error): Outcome {
  if (stage === 'unconnected') return 'refused'
  return stage === 'on a new connection' && CUT.test(message)
    ? 'cut'
    : { lost: `${message}, ${stage}` }
}

function outcomeOf(sent: ClientRequest): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  let stage: Stage = 'unconnected'
  const fail = (error: Error) => {
    resolve(toOutcome(stage, error))
    sent.destroy()
  }
  const giveUp = () => stage === 'unconnected' && fail(new Error('no connection'))
  const timers = [
    setTimeout(giveUp, CONNECT_TIMEOUT_MS),
    setTimeout(() => fail(new Error('no answer')), ANSWER_TIMEOUT_MS),
  ]
  sent.once('socket', (socket) => {
    if (!socket.connecting) stage = 'on a kept connection'
    else {
      socket.once('connect', () => {
        stage = 'on a new connection'
      })
    }
  })
  sent.once('response', (response) => {
    stage = 'while answered'
    const { statusCode } = response
    response.once('error', fail)
    response.once('end', () => resolve(statusCode === 200 ? 'answered' : { lost: `${statusCode}` }))
    response.resume()
  })
  sent.once('error', fail)
  return promise.finally(() => timers.forEach(clearTimeout))
}
