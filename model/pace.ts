import { SMALL_BATCH_TOKENS } from './batch-shape.ts'
import type { Infer, Rows } from './inference.ts'

/** How long a batch took. */
export interface TimedRun {
  /** Padding included. */
  readonly tokens: number
  readonly ms: number
}

/** Calibration of a model on this machine, for one thread. */
export interface Pace {
  /** Tokens of the smallest batch within 5 % of peak throughput. */
  readonly maxBatchTokens: number
  /** Tokens of the batch with peak throughput; at least `maxBatchTokens`. */
  readonly fullBatchTokens: number
  /** Peak throughput. */
  readonly tokensPerMs: number
  /** Batches of one, two and four rows, whose times show what a run costs beside its tokens. */
  readonly smallRuns: readonly TimedRun[]
}

/** Short rows, because only short texts gain from batching. */
const ROW_TOKENS = 16
const SIZES = [64, 128, 256]
const ROUNDS = 4
const SMALL_SIZES = [ROW_TOKENS, 2 * ROW_TOKENS, SMALL_BATCH_TOKENS]
const SMALL_ROUNDS = 8
/** A smaller batch has lower latency: it is chosen from this share of peak throughput on. */
const NEAR_BEST = 0.95

/**
 * Calibrates the batch size: warms the session up, then times batches of growing size. With
 * `fixedTokens` the size is given, and only its throughput is measured, and what small runs take.
 */
export async function measurePace(infer: Infer, fixedTokens?: number): Promise<Pace> {
  await infer(rowsOf(ROW_TOKENS))
  const sizes = fixedTokens ? [fixedTokens] : SIZES
  const best = new Map<number, number>()
  const msOf = (size: number) => best.get(size) ?? Number.POSITIVE_INFINITY
  const measure = async (size: number) => {
    // The best of all rounds, because interference by other processes only adds time.
    best.set(size, Math.min(msOf(size), await timeOf(infer, rowsOf(size))))
  }
  for (let round = 0; round < ROUNDS; round++) for (const size of sizes) await measure(size)
  for (let round = 0; round < SMALL_ROUNDS; round++) {
    for (const size of SMALL_SIZES) await measure(size)
  }

  const paceAt = (size: number) => rowsOf(size).ids.length / msOf(size)
  const tokensPerMs = Math.max(...sizes.map(paceAt))
  const firstAt = (pace: number) => sizes.find((size) => paceAt(size) >= pace) ?? ROW_TOKENS
  return {
    maxBatchTokens: firstAt(NEAR_BEST * tokensPerMs),
    fullBatchTokens: firstAt(tokensPerMs),
    tokensPerMs,
    smallRuns: SMALL_SIZES.map((tokens) => ({ tokens, ms: msOf(tokens) })),
  }
}

/** In milliseconds. */
async function timeOf(infer: Infer, rows: Rows): Promise<number> {
  const startedAt = performance.now()
  await infer(rows)
  return performance.now() - startedAt
}

function rowsOf(tokens: number): Rows {
  const lengths = new Array<number>(Math.max(1, Math.floor(tokens / ROW_TOKENS))).fill(ROW_TOKENS)
  return { ids: new Int32Array(lengths.length * ROW_TOKENS).fill(1), lengths }
}
