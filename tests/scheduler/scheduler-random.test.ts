import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Prediction } from '../../app/classifier/classify.ts'
import { createScheduler } from '../../app/scheduler/scheduler.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { answerTo, createCall, fakeClock, LABELS, settled } from '../fakes.ts'
import { fakePools, runsThatCost, tokensOf } from './fake-pools.ts'

const GONE = new Error('gone')
const CRASH = new Error('crash')
const MAX_BATCH_TOKENS = 24

const text = fc.record({ love: fc.boolean(), words: fc.integer({ min: 1, max: 30 }) })
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('arrive' as const),
      caller: fc.constantFrom('one', 'two', 'three'),
      texts: fc.array(text, { minLength: 1, maxLength: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('cancel' as const), of: fc.nat({ max: 20 }) }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('finish' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('crash' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Request {
  readonly texts: string[]
  readonly caller: AbortController
  readonly outcomes: (readonly Prediction[] | Error)[]
}

/** A scheduler, with a record of everything that happened to it. */
class World {
  readonly metrics = createMetrics(LABELS)
  readonly fakes: ReturnType<typeof fakePools>
  readonly requests: Request[] = []
  readonly #classify
  crashes = 0

  constructor(workers: number) {
    this.fakes = fakePools(workers)
    const scheduler = createScheduler(this.fakes.pools, {
      maxTokens: 100,
      maxQueueTokens: 1_000_000,
      maxQueueSeconds: 1000,
      pace: {
        maxBatchTokens: MAX_BATCH_TOKENS / 2,
        fullBatchTokens: MAX_BATCH_TOKENS,
        tokensPerMs: 1,
        smallRuns: runsThatCost(8),
      },
      metrics: this.metrics,
      traceBatch: () => undefined,
      now: fakeClock().now,
    })
    this.#classify = scheduler.classify
  }

  async take(step: Step): Promise<void> {
    if (step.type === 'arrive') this.#arrive(step)
    if (step.type === 'cancel') this.requests[step.of]?.caller.abort(GONE)
    if (step.type === 'finish') await this.fakes.finish()
    if (step.type === 'crash' && this.fakes.held.length > 0) {
      this.crashes++
      await this.fakes.finish(CRASH)
    }
    await settled()
  }

  /** Completes every batch, without further crashes. */
  async drain(): Promise<void> {
    while (this.fakes.held.length > 0) await this.fakes.finish()
  }

  #arrive({ caller, texts }: Extract<Step, { type: 'arrive' }>): void {
    const number = this.requests.length
    // Every text is unique, so that swapped or repeated predictions are noticed.
    const names = texts.map(({ love, words }, i) =>
      [love ? 'love' : 'no', `${number}-${i}`, ...Array(words).fill('w')].join(' '),
    )
    const request: Request = { texts: names, caller: new AbortController(), outcomes: [] }
    this.requests.push(request)
    void this.#classify(names, createCall({ caller, signal: request.caller.signal }))
      .catch((error: Error) => error)
      .then((outcome) => request.outcomes.push(outcome))
  }
}

const area = (batch: readonly string[]) => batch.length * Math.max(...batch.map(tokensOf))

async function play(workers: number, steps: readonly Step[]): Promise<World> {
  const world = new World(workers)
  for (const step of steps) await world.take(step)
  await world.drain()
  return world
}

const always = (check: (world: World) => void | Promise<void>) =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(step, { maxLength: 40 }),
      async (workers, steps) => check(await play(workers, steps)),
    ),
    { numRuns: 60 },
  )

/** A valid outcome: all predictions in order, a crash, or an abort by the caller. */
function isFit(outcome: Request['outcomes'][number], { texts, caller }: Request): boolean {
  if (outcome === GONE) return caller.signal.aborted
  if (outcome instanceof Error) return outcome === CRASH
  return isDeepStrictEqual(outcome, texts.map(answerTo))
}

describe('whatever arrives, leaves and crashes, a scheduler', () => {
  it('gives every request one outcome: all its predictions in order, or an error', () =>
    always(({ requests }) => {
      for (const request of requests) {
        expect(request.outcomes).toHaveLength(1)
        expect(request.outcomes.filter((outcome) => !isFit(outcome, request))).toEqual([])
      }
    }))

  it('fails no more requests than crashed twice', () =>
    always(({ requests, crashes }) => {
      const failed = requests.filter(({ outcomes }) => outcomes[0] === CRASH)
      expect(failed.length).toBeLessThanOrEqual(Math.floor(crashes / 2))
    }))

  it('gives a worker each text once, and once more only after a crash', () =>
    always(({ fakes, crashes }) => {
      const runs = new Map<string, number>()
      for (const name of fakes.batches.flat()) runs.set(name, (runs.get(name) ?? 0) + 1)
      expect(Math.max(0, ...runs.values())).toBeLessThanOrEqual(crashes > 0 ? 2 : 1)
    }))

  it('makes no batch larger than it may, but of one text', () =>
    always(({ fakes }) => {
      const large = fakes.batches.filter((batch) => area(batch) > MAX_BATCH_TOKENS)
      expect(large.filter((batch) => batch.length > 1)).toEqual([])
    }))

  it('ends with an empty queue', () =>
    always(async ({ metrics }) => {
      const series = await metrics.registry.metrics()
      expect(series).toContain('polarity_queue_texts 0\n')
      expect(series).toContain('polarity_queue_tokens 0\n')
    }))
})
