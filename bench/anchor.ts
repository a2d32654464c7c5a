import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServiceProcess } from '../harness/process.ts'
import { AnchorProcess, buildAnchors } from './anchor-process.ts'
import { runLoad, type Target } from './load.ts'
import { largestDifference } from './same-scores.ts'
import { summarize } from './statistics.ts'
import { REMEMBERED } from './texts.ts'
import { summarizeSamples } from './uncached.ts'

/** Connections times new texts per request, and cache hits. */
const SHAPES = {
  '8x1': { connections: 8, textsPerRequest: 1, remembered: false },
  '10x3': { connections: 10, textsPerRequest: 3, remembered: false },
  '32x1': { connections: 32, textsPerRequest: 1, remembered: false },
  '8x16': { connections: 8, textsPerRequest: 16, remembered: false },
  '8x64': { connections: 8, textsPerRequest: 64, remembered: false },
  hits: { connections: 10, textsPerRequest: 3, remembered: true },
}

export type ShapeName = keyof typeof SHAPES

export const SHAPE_NAMES: readonly ShapeName[] = ['8x1', '10x3', '32x1', '8x16', '8x64', 'hits']

const WORKERS = availableParallelism()

interface Stack extends Target {
  stop(): Promise<unknown>
}

const openPolarity = (runtime: 'bun' | 'node') => (): Promise<Stack> =>
  new ServiceProcess(runtime, { WORKERS: String(WORKERS), DRAIN_SECONDS: '0' }).ready()

type StackName = 'bun' | 'node' | 'anchor'

const STACK_NAMES: readonly StackName[] = ['bun', 'node', 'anchor']

/** What Polarity is measured against. */
type Opener = () => Promise<Stack>

const openAnchor: Opener = () => AnchorProcess.open(WORKERS)

type Sample = Awaited<ReturnType<typeof measureShape>>
type Samples = Record<StackName, Sample[]>

export interface AnchorSetting {
  readonly shapes: readonly ShapeName[]
  readonly rounds: number
  /** Length of each measurement. */
  readonly seconds: number
  readonly texts: readonly string[]
  /** In place of the server of `anchors/`. */
  readonly anchor?: Opener
}

/**
 * Polarity on both runtimes and the anchor in turn, the same new texts for each, once per round.
 * Throws if their scores differ, or if a server refuses what another one answers.
 */
export async function measureAnchor(setting: AnchorSetting) {
  buildAnchors()
  const folder = mkdtempSync(join(tmpdir(), 'anchor-'))
  const files = { fresh: join(folder, 'fresh.txt'), remembered: join(folder, 'remembered.txt') }
  writeFileSync(files.fresh, setting.texts.join('\n'))
  writeFileSync(files.remembered, REMEMBERED.join('\n'))

  const kept = new Map(setting.shapes.map((shape) => [shape, noSamples()]))
  const differences: number[] = []
  for (let round = 0; round < setting.rounds; round++) {
    const stacks = new Map<StackName, Stack>()
    try {
      await openStacks(stacks, round, setting.anchor ?? openAnchor)
      differences.push(await largestDifference([...stacks.values()]))
      await measureRound({ round, files, seconds: setting.seconds }, stacks, kept)
    } finally {
      for (const stack of stacks.values()) await stack.stop()
    }
  }
  rmSync(folder, { recursive: true })
  return {
    workers: WORKERS,
    largest_score_difference: Math.max(...differences),
    shapes: [...kept].map(([shape, samples]) => ({ shape, ...compare(samples) })),
  }
}

const noSamples = (): Samples => ({ bun: [], node: [], anchor: [] })

/** One after the other, because each measures its speed at the start; another one first in each round. */
async function openStacks(
  stacks: Map<StackName, Stack>,
  round: number,
  anchor: Opener,
): Promise<void> {
  const open = { bun: openPolarity('bun'), node: openPolarity('node'), anchor }
  const first = round % STACK_NAMES.length
  const order = [...STACK_NAMES.slice(first), ...STACK_NAMES.slice(0, first)]
  for (const name of order) stacks.set(name, await open[name]())
}

interface Round {
  readonly round: number
  readonly seconds: number
  readonly files: { readonly fresh: string; readonly remembered: string }
}

async function measureRound(
  round: Round,
  stacks: ReadonlyMap<StackName, Stack>,
  kept: ReadonlyMap<ShapeName, Samples>,
): Promise<void> {
  for (const [shape, samples] of kept) {
    for (const [name, stack] of stacks) {
      process.stderr.write(`round ${round.round + 1}: ${shape}, ${name}\n`)
      samples[name].push(await measureShape(stack, shape, round))
    }
  }
}

async function measureShape(stack: Stack, shape: ShapeName, { round, seconds, files }: Round) {
  const { remembered, connections, textsPerRequest } = SHAPES[shape]
  const report = await runLoad(stack, {
    texts: remembered ? files.remembered : files.fresh,
    remembered,
    connections,
    textsPerRequest,
    seconds,
    seed: round * SHAPE_NAMES.length + SHAPE_NAMES.indexOf(shape),
  })
  const { failed, quarters_p50_ms, ...figures } = report
  if (failed > 0) throw new Error(`${shape}: ${failed} requests failed`)
  return {
    ...figures,
    p99_over_p50: report.p99_ms / report.p50_ms,
    longest_quarter_over_p50: (quarters_p50_ms.at(-1) ?? Number.NaN) / report.p50_ms,
  }
}

/** Median and spread of each figure, and Polarity over the anchor, round by round. */
function compare(samples: Samples) {
  const over = (ours: readonly Sample[]) => {
    const ratio = (figure: keyof Sample) =>
      summarize(ours.map((our, i) => our[figure] / (samples.anchor[i]?.[figure] ?? Number.NaN)))
    return {
      texts_per_second: ratio('texts_per_second'),
      p50_ms: ratio('p50_ms'),
      p99_ms: ratio('p99_ms'),
      server_cpu_ms_per_request: ratio('server_cpu_ms_per_request'),
    }
  }
  return {
    bun: summarizeSamples(samples.bun),
    node: summarizeSamples(samples.node),
    anchor: summarizeSamples(samples.anchor),
    over_anchor: { bun: over(samples.bun), node: over(samples.node) },
  }
}
