import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Prediction } from '../../app/classifier/classify.ts'
import { AppError } from '../../app/errors.ts'
import { answerTo, createCall, settled } from '../fakes.ts'
import { type Sent, setup } from './sharing.ts'

const GONE = new Error('gone')
const CRASH = new Error('crash')
const TEXTS = ['a', 'b', 'c', 'love', 'e']

const of = fc.nat({ max: 30 })
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('arrive' as const),
      texts: fc.array(fc.constantFrom(...TEXTS), { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('leave' as const), of }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('tell' as const), of, text: of }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('finish' as const), of }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('refuse' as const), of }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('crash' as const), of }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('rest' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Request {
  readonly name: string
  readonly texts: readonly string[]
  readonly caller: AbortController
  readonly outcomes: (readonly Prediction[] | Error)[]
}

/** Coalesced requests, with a record of everything that happened to them. */
class World {
  readonly requests: Request[] = []
  readonly fakes = setup()
  readonly refused: string[] = []
  readonly crashed: string[] = []
  readonly #ended = new Set<Sent>()
  /** Texts that were sent while another sending of them was open. */
  readonly sentTwice: string[] = []
  #seen = 0

  take(step: Step): Promise<void> | undefined {
    if (step.type === 'arrive') this.#arrive(step.texts)
    else if (step.type === 'leave') this.requests[step.of]?.caller.abort(GONE)
    else if (step.type === 'rest') return settled()
    else this.#happen(step)
    this.#checkNew()
    return undefined
  }

  /** Ends everything well. */
  async drain(): Promise<void> {
    for (let open = this.open(); open.length > 0; open = this.open()) {
      for (const sent of open) this.#finish(sent)
      await settled()
      this.#checkNew()
    }
  }

  /** What was sent, has not ended and was not aborted. */
  open(): Sent[] {
    return this.fakes.sent.filter((sent) => !this.#ended.has(sent) && !sent.call.signal().aborted)
  }

  #arrive(texts: readonly string[]): void {
    const name = String(this.requests.length)
    const request: Request = { name, texts, caller: new AbortController(), outcomes: [] }
    this.requests.push(request)
    const call = createCall({ caller: name, signal: request.caller.signal })
    void this.fakes
      .classify(texts, call)
      .catch((error: Error) => error)
      .then((outcome) => request.outcomes.push(outcome))
  }

  #happen(step: Extract<Step, { type: 'tell' | 'finish' | 'refuse' | 'crash' }>): void {
    const sent = this.open()[step.of % Math.max(1, this.open().length)]
    if (!sent) return
    if (step.type === 'tell') {
      const text = sent.texts[step.text % sent.texts.length] ?? ''
      sent.call.onPrediction?.(text, answerTo(text))
    }
    if (step.type === 'finish') this.#finish(sent)
    if (step.type === 'refuse') {
      this.refused.push(sent.call.caller())
      this.#end(sent, new AppError('overloaded', sent.call.caller()))
    }
    if (step.type === 'crash') {
      if (sent.texts.length === 1) this.crashed.push(...sent.texts)
      this.#end(sent, CRASH)
    }
  }

  #finish(sent: Sent): void {
    this.#ended.add(sent)
    sent.done.resolve(sent.texts.map(answerTo))
  }

  #end(sent: Sent, error: Error): void {
    this.#ended.add(sent)
    sent.done.reject(error)
  }

  #checkNew(): void {
    for (; this.#seen < this.fakes.sent.length; this.#seen++) {
      const before = this.open().filter((sent) => this.fakes.sent.indexOf(sent) < this.#seen)
      for (const text of this.fakes.sent[this.#seen]?.texts ?? []) {
        if (before.some(({ texts }) => texts.includes(text))) this.sentTwice.push(text)
      }
    }
  }
}

const always = (check: (world: World) => void | Promise<void>) =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const world = new World()
      for (const step of steps) await world.take(step)
      await settled()
      await world.drain()
      await check(world)
    }),
    { numRuns: 150 },
  )

const scoresOf = (predictions: readonly Prediction[]) => predictions.map(({ scores }) => scores)

/** A valid outcome: all predictions in order, or an error of its own. */
function isFit(outcome: Request['outcomes'][number], request: Request, world: World): boolean {
  if (outcome === GONE) return request.caller.signal.aborted
  if (outcome === CRASH) return world.fakes.sent.some((sent) => led(sent, request, world))
  if (outcome instanceof AppError) return outcome.message === request.name
  if (outcome instanceof Error) return false
  return isDeepStrictEqual(scoresOf(outcome), scoresOf(request.texts.map(answerTo)))
}

/** It sent this, or asks for a text that crashed alone. */
const led = (sent: Sent, { name, texts }: Request, { crashed }: World) =>
  sent.call.caller() === name || texts.some((text) => crashed.includes(text))

describe('whoever arrives, leaves, is refused and crashes, a text in flight', () => {
  it('gives every request one outcome: all its predictions in order, or an error of its own', () =>
    always((world) => {
      for (const request of world.requests) {
        expect(request.outcomes).toHaveLength(1)
        expect(request.outcomes.filter((outcome) => !isFit(outcome, request, world))).toEqual([])
      }
    }))

  it('is not sent twice at a time', () =>
    always(({ sentTwice }) => {
      expect(sentTwice).toEqual([])
    }))

  it('is remembered no longer than somebody waits for it', () =>
    always(async ({ fakes }) => {
      const before = fakes.sent.length
      for (const text of TEXTS) void fakes.ask(text)
      expect(fakes.textsSent().slice(before)).toEqual(TEXTS.map((text) => [text]))
    }))
})
