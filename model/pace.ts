import type { Infer, Rows } from './inference.ts'

/** Calibration of a model on this machine, for one thread. */
export interface Pace {
  /** Tokens of the smallest batch within 5 % of peak throughput. */
  readonly maxBatchTokens: number
  /** Tokens of the batch with peak throughput; at least `maxBatchTokens`. */
  readonly fullBatchTokens: number
  /** Peak throughput. */
  readonly tokensPerMs: number
}

/** Short rows, because only short texts gain from batching. */
const ROW_TOKENS = 16
const SIZES = [64, 128, 256]
const ROUNDS = 4
/** A smaller batch has lower latency: it is chosen from this share of peak throughput on. */
const NEAR_BEST = 0.95

/**
 * Calibrates the batch size: warms the session up, then times batches of growing size. With
 * `fixedTokens` the size is given, and only its throughput is measured.
 */
export async function measurePace(infer: Infer, fixedTokens?: number): Promise<Pace> {
  await infer(rowsOf(ROW_TOKENS))
  const sizes = fixedTokens ? [fixedTokens] : SIZES
  const best = new Map<number, number>()
  for (let round = 0; round < ROUNDS; round++) {
    for (const size of sizes) {
      // The best of all rounds, because interference by other processes only adds time.
      best.set(size, Math.max(best.get(size) ?? 0, await paceOf(infer, rowsOf(size))))
    }
  }
  const tokensPerMs = Math.max(...best.values())
  const firstAt = (pace: number) =>
    sizes.find((size) => (best.get(size) ?? 0) >= pace) ?? ROW_TOKENS
  return {
    maxBatchTokens: firstAt(NEAR_BEST * tokensPerMs),
    fullBatchTokens: firstAt(tokensPerMs),
    tokensPerMs,
  }
}

async function paceOf(infer: Infer, rows: Rows): Promise<number> {
  const startedAt = performance.now()
  await infer(rows)
  return rows.ids.length / (performance.now() - startedAt)
}

function rowsOf(tokens: number): Rows {
  const lengths = new Array<number>(Math.max(1, Math.floor(tokens / ROW_TOKENS))).fill(ROW_TOKENS)
  return { ids: new Int32Array(lengths.length * ROW_TOKENS).fill(1), lengths }
}
