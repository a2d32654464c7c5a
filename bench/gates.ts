import { RUNTIMES } from '../harness/process.ts'
import { measureAnchor, type ShapeName } from './anchor.ts'
import { measureCached } from './cached.ts'
import { type Gate, judge } from './gate.ts'
import { measureTail } from './tail.ts'

type Runtime = (typeof RUNTIMES)[number]
type Anchor = Awaited<ReturnType<typeof measureAnchor>>
type Cached = Awaited<ReturnType<typeof measureCached>>
type Tail = Awaited<ReturnType<typeof measureTail>>

/**
 * Polarity over the anchor as it was before batches of single texts were looked at: later ratios are
 * compared with these, because ratios travel between machines and absolute figures do not. Medians of
 * three rounds on an idle Intel Xeon with AMX; both trees and the anchor in turn.
 */
const BEFORE = {
  bun: { '10x3': { texts: 0.86, p99: 1.48 }, '8x64': { texts: 1.06 } },
  node: { '10x3': { texts: 0.92, p99: 1.34 }, '8x64': { texts: 1.14 } },
}

interface Setting {
  readonly rounds: number
  readonly textsFile: string
  readonly texts: readonly string[]
}

/** Every goal for speed, within ten minutes. What can't be measured here is said to be so. */
export async function measureGates({ rounds, textsFile, texts }: Setting) {
  const shapes: ShapeName[] = ['8x1', '10x3', '8x64']
  const anchor = await attempt(() => measureAnchor({ shapes, rounds, seconds: 4, texts }))
  const runtimes = []
  for (const runtime of RUNTIMES) {
    const cached = await attempt(() => measureCached(runtime))
    const tail = await attempt(() => measureTail(runtime, textsFile))
    const gates = [
      ...newTextGates(runtime, anchor),
      ...batchGates(runtime, anchor),
      ...hitGates(runtime, cached),
      ...tailGates(runtime, tail),
    ]
    runtimes.push({ runtime, cached, tail, gates: gates.map(judge) })
  }
  return {
    anchor,
    cached: runtimes.map(({ cached }) => cached),
    tail: runtimes.map(({ tail }) => tail),
    gates: runtimes.flatMap(({ gates }) => gates),
  }
}

/** Undefined, and a line that says why, if a program is missing. */
async function attempt<T>(measure: () => Promise<T>): Promise<T | undefined> {
  try {
    return await measure()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return undefined
  }
}

function newTextGates(runtime: Runtime, anchor: Anchor | undefined): Gate[] {
  const shape = anchor?.shapes.find((candidate) => candidate.shape === '8x1')
  const over = shape?.over_anchor[runtime]
  const own = shape?.[runtime]
  const gate = (goal: string, limit: Gate['limit'], rounds: readonly number[] = []): Gate => ({
    goal: `8 connections x 1 new text: ${goal}`,
    runtime,
    limit,
    rounds,
  })
  return [
    gate('texts/s over the anchor', { atLeast: 1 }, over?.texts_per_second.rounds),
    gate('p99 over the anchor', { atMost: 1 }, over?.p99_ms.rounds),
    gate('p99 over p50', { atMost: 2 }, own?.p99_over_p50.rounds),
    gate(
      'p50 of the longest quarter over p50',
      { atMost: 1.5 },
      own?.longest_quarter_over_p50.rounds,
    ),
  ]
}

/** Against what it was, by way of the anchor. */
function batchGates(runtime: Runtime, anchor: Anchor | undefined): Gate[] {
  const over = (name: ShapeName) =>
    anchor?.shapes.find(({ shape }) => shape === name)?.over_anchor[runtime]
  const before = BEFORE[runtime]
  const relative = (rounds: readonly number[] = [], to: number) => rounds.map((ratio) => ratio / to)
  const small = over('10x3')
  return [
    {
      goal: '10 connections x 3 new texts: texts/s over before',
      runtime,
      limit: { atLeast: 1.25 },
      rounds: relative(small?.texts_per_second.rounds, before['10x3'].texts),
    },
    {
      goal: '10 connections x 3 new texts: p99 over before',
      runtime,
      limit: { atMost: 0.75 },
      rounds: relative(small?.p99_ms.rounds, before['10x3'].p99),
    },
    {
      // Not slower, but for the noise of such a measurement.
      goal: '8 connections x 64 new texts: texts/s over before',
      runtime,
      limit: { atLeast: 0.97 },
      rounds: relative(over('8x64')?.texts_per_second.rounds, before['8x64'].texts),
    },
  ]
}

const HIT_GOALS = {
  bun: { memory: 0.62, redis: 0.4 },
  node: { memory: 0.8, redis: 0.5 },
}

function hitGates(runtime: Runtime, cached: Cached | undefined): Gate[] {
  const { bare = [], memory = [], redis = [] } = cached?.rounds ?? {}
  const share = (rates: readonly number[]) => rates.map((rate, i) => rate / (bare[i] ?? Number.NaN))
  const goals = HIT_GOALS[runtime]
  return [
    {
      goal: 'hits from memory: requests/s over the bare route',
      runtime,
      limit: { atLeast: goals.memory },
      rounds: share(memory),
    },
    {
      goal: 'hits from Redis alone: requests/s over the bare route',
      runtime,
      limit: { atLeast: goals.redis },
      rounds: share(redis),
    },
  ]
}

const tailGates = (runtime: Runtime, tail: Tail | undefined): Gate[] => [
  {
    goal: 'hits while new texts saturate the workers: p99 over idle',
    runtime,
    limit: { atMost: 2 },
    rounds: tail ? [tail.ratio.cached] : [],
  },
]
