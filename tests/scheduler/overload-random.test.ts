import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../app/errors.ts'
import { createCall, settled } from '../fakes.ts'
import { setup, WORD } from './scheduling.ts'

const CALLERS = ['one', 'two', 'three', 'four']
const MAX_QUEUE_SECONDS = 0.5
/** A token takes a millisecond. */
const BATCH_MS = 20 * WORD

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('arrive' as const),
      caller: fc.constantFrom(...CALLERS),
      texts: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 20, max: 150 })),
      seconds: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('flood' as const),
      caller: fc.constantFrom(...CALLERS),
      requests: fc.integer({ min: 1, max: 200 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('work' as const), batches: fc.nat(30) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Request {
  readonly caller: string
  readonly texts: number
  readonly deadlineAt: number
  /** Its caller's requests that were open when it came. */
  readonly open: number
  outcome: 'open' | 'answered' | string
  endedAt: number
}

/** A scheduler whose model keeps its pace: one token a millisecond. */
class World {
  readonly requests: Request[] = []
  readonly #engine = setup({
    maxBatchTokens: BATCH_MS,
    maxQueueTokens: 1_000_000,
    maxQueueSeconds: MAX_QUEUE_SECONDS,
  })
  #worked = 0

  async take(step: Step): Promise<void> {
    if (step.type === 'arrive') this.#arrive(step.caller, step.texts, step.seconds)
    if (step.type === 'flood') {
      for (let i = 0; i < step.requests; i++) this.#arrive(step.caller, 1, 3)
    }
    await settled()
    if (step.type === 'work') for (let i = 0; i < step.batches; i++) await this.work()
  }

  /** Lets one batch take its time; returns whether there was one. */
  async work(): Promise<boolean> {
    const batch = this.#engine.batches[this.#worked]
    if (!batch) return false
    this.#worked++
    this.#engine.clock.pass(batch.length * WORD)
    await this.#engine.finish()
    return true
  }

  #arrive(caller: string, texts: number, seconds: number): void {
    const { clock, classify } = this.#engine
    const number = this.requests.length
    const open = this.requests.filter((one) => one.caller === caller && one.outcome === 'open')
    const deadlineAt = clock.now() + seconds * 1000
    const rest = { outcome: 'open', endedAt: Number.NaN, open: open.length }
    const request: Request = { caller, texts, deadlineAt, ...rest }
    this.requests.push(request)
    const end = (outcome: string) => {
      request.outcome = outcome
      request.endedAt = clock.now()
    }
    const names = Array.from({ length: texts }, (_, i) => `${number}-${i}`)
    void classify(names, createCall({ caller, deadlineAt })).then(
      () => end('answered'),
      (error: unknown) => end(error instanceof AppError ? error.code : 'failed'),
    )
  }
}

const always = (check: (world: World) => void) =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      const world = new World()
      for (const step of steps) await world.take(step)
      while (await world.work());
      check(world)
    }),
    { numRuns: 60 },
  )

describe('whatever load comes, a scheduler whose model keeps its pace', () => {
  it('answers or refuses every request', () =>
    always(({ requests }) => {
      const outcomes = new Set(requests.map(({ outcome }) => outcome))
      for (const known of ['answered', 'overloaded', 'deadline_exceeded']) outcomes.delete(known)
      expect([...outcomes]).toEqual([])
    }))

  it('answers what it admits before its deadline, or one batch later', () =>
    always(({ requests }) => {
      const admitted = requests.filter(({ outcome }) => outcome === 'answered')
      const late = admitted.filter(({ endedAt, deadlineAt }) => endedAt > deadlineAt + BATCH_MS)
      expect(late).toEqual([])
    }))

  it('refuses no small request of a caller with nothing open', () =>
    always(({ requests }) => {
      const first = requests.filter(({ texts, open }) => texts <= 3 && open === 0)
      expect(first.filter(({ outcome }) => outcome !== 'answered')).toEqual([])
    }))
})
