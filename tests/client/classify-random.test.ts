import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Fetch, PolarityError, type Prediction } from '../../client/src/index.ts'
import { settled } from '../fakes.ts'
import { clientOf, problem, realApp, scoreOf, textsOf } from './serving.ts'

const GONE = new Error('gone')
const of = fc.nat({ max: 20 })
/** Most are good; the blank ones are refused, and the poisonous ones break the service. */
const kind = fc.constantFrom('text', 'text', 'text', 'text', 'text', 'blank', 'poison')
const HICCUPS = {
  overloaded: () => problem(429, 'overloaded', { 'retry-after': '0' }),
  draining: () => problem(503, 'not_ready'),
  gateway: () => new Response('<h1>Bad Gateway</h1>', { status: 502 }),
  late: () => problem(504, 'deadline_exceeded'),
  tooLarge: () => problem(413, 'payload_too_large'),
  unreachable: () => {
    throw new TypeError('fetch failed')
  },
}
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('call' as const),
      kinds: fc.array(kind, { minLength: 1, maxLength: 7 }),
      truncate: fc.constantFrom(undefined, true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('leave' as const), of }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('answer' as const), of }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('fail' as const),
      of,
      how: fc.constantFrom('overloaded', 'draining', 'gateway', 'late', 'tooLarge', 'unreachable'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('rest' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Caller {
  readonly texts: readonly string[]
  readonly left: AbortController
  readonly outcomes: unknown[]
}

/** A client whose requests are answered when told to: well, by the real app, or not. */
class World {
  readonly callers: Caller[] = []
  readonly #client = clientOf((url, init) => this.#hold(url, init), { retries: 1000 }).client
  readonly #app = realApp()
  #open: ((how: keyof typeof HICCUPS | 'well') => void)[] = []
  #number = 0

  async take(step: Step): Promise<void> {
    if (step.type === 'call') this.#call(step)
    if (step.type === 'leave') this.callers[step.of]?.left.abort(GONE)
    if (step.type === 'answer') this.#end(step.of, 'well')
    if (step.type === 'fail') this.#end(step.of, step.how)
    if (step.type === 'rest') await settled()
  }

  /** Answers whatever is asked until everybody has an outcome. */
  async drain(): Promise<void> {
    while (this.callers.some(({ outcomes }) => outcomes.length === 0)) {
      for (const answer of this.#open.splice(0)) answer('well')
      await settled()
    }
  }

  readonly #hold: Fetch = async (url, init) => {
    const how = await new Promise<keyof typeof HICCUPS | 'well'>((resolve) =>
      this.#open.push(resolve),
    )
    // One text alone that is too large for the service stays so.
    const passes = how === 'tooLarge' && (!init.body || textsOf(init).length === 1)
    return how === 'well' || passes ? await this.#app(url, init) : HICCUPS[how]()
  }

  #call({ kinds, truncate }: Extract<Step, { type: 'call' }>): void {
    const texts = kinds.map((kind) => (kind === 'blank' ? ' ' : `${kind} ${this.#number++}`))
    const caller: Caller = { texts, left: new AbortController(), outcomes: [] }
    this.callers.push(caller)
    const options = truncate === undefined ? {} : { truncate }
    void this.#client
      .classify(texts, { signal: caller.left.signal, ...options })
      .then(...both((outcome) => caller.outcomes.push(outcome)))
  }

  #end(of: number, how: keyof typeof HICCUPS | 'well'): void {
    this.#open.splice(of % Math.max(1, this.#open.length), 1)[0]?.(how)
  }
}

const both = (tell: (outcome: unknown) => void) => [tell, tell] as const

/** All its own predictions, the fault of its own texts, or the reason why it left. */
function isFit(outcome: unknown, { texts, left }: Caller): boolean {
  if (outcome === GONE) return left.signal.aborted
  if (outcome instanceof PolarityError) {
    const guilty = (position: number) => isBad(texts[position])
    if (outcome.status === 500) return texts.some((text) => text.includes('poison'))
    return outcome.status === 422 && outcome.positions.length > 0 && outcome.positions.every(guilty)
  }
  return isAnswer(outcome, texts)
}

const isBad = (text = '') => text === ' '

function isAnswer(outcome: unknown, texts: readonly string[]): boolean {
  const predictions: readonly Prediction[] = Array.isArray(outcome) ? outcome : []
  return (
    predictions.length === texts.length &&
    predictions.every(({ scores }, i) => scores[1]?.score === scoreOf(texts[i] ?? ''))
  )
}

describe('whoever calls and leaves, and whatever happens to requests,', () => {
  it('each call has one outcome, and it is its own', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const world = new World()
        for (const step of steps) await world.take(step)
        await world.drain()
        for (const caller of world.callers) {
          expect(caller.outcomes).toHaveLength(1)
          expect(caller.outcomes.filter((outcome) => !isFit(outcome, caller))).toEqual([])
        }
      }),
      { numRuns: 60 },
    ))
})
