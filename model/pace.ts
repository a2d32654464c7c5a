import type { Infer, Rows } from './inference.ts'

/** What a model does on this machine, on one thread. */
export interface Pace {
  /** Tokens in a batch from where on a larger one gains little. */
  readonly maxBatchTokens: number
  /** Tokens in the batch of the best pace: as many or more. */
  readonly fullBatchTokens: number
  readonly tokensPerMs: number
}

/** Batches pay for short texts alone, so short ones are measured. */
const ROW_TOKENS = 16
const SIZES = [64, 128, 256]
const ROUNDS = 4
/** A smaller batch answers sooner: it is chosen if it comes this near to the best. */
const NEAR_BEST = 0.95

/**
 * Times batches of growing size, after a first run that warms the session: which is the best, and
 * which the smallest that comes near it. With `fixedTokens` both are that, and only its pace is measured.
 */
export async function measurePace(infer: Infer, fixedTokens?: number): Promise<Pace> {
  await infer(rowsOf(ROW_TOKENS))
  const sizes = fixedTokens ? [fixedTokens] : SIZES
  const best = new Map<number, number>()
  for (let round = 0; round < ROUNDS; round++) {
    for (const size of sizes) {
      // The best of all rounds: what else the machine does only ever adds time.
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
