import type { Infer, Rows } from './inference.ts'

/** What a model does on this machine, on one thread. */
export interface Pace {
  /** Tokens in a batch from where on a larger one gains nothing. */
  readonly maxBatchTokens: number
  readonly tokensPerMs: number
}

/** Batches pay for short texts alone, so short ones are measured. */
const ROW_TOKENS = 16
const SIZES = [64, 128, 256]
const ROUNDS = 3
/** A smaller batch answers sooner: it is chosen if it comes this near to the best. */
const NEAR_BEST = 0.95

/**
 * Times batches of growing size, after a first run that warms the session, and chooses the
 * smallest that comes near the best. `fixedTokens` leaves the choice out: only its pace is measured.
 */
export async function measurePace(infer: Infer, fixedTokens?: number): Promise<Pace> {
  await infer(rowsOf(ROW_TOKENS))
  const paces: Pace[] = []
  for (const maxBatchTokens of fixedTokens ? [fixedTokens] : SIZES) {
    paces.push({ maxBatchTokens, tokensPerMs: await paceOf(infer, maxBatchTokens) })
  }
  const best = Math.max(...paces.map(({ tokensPerMs }) => tokensPerMs))
  const chosen = paces.find(({ tokensPerMs }) => tokensPerMs >= NEAR_BEST * best)
  return chosen ?? { maxBatchTokens: ROW_TOKENS, tokensPerMs: best }
}

/** The best of a few rounds: what else the machine does only ever adds time. */
async function paceOf(infer: Infer, tokens: number): Promise<number> {
  const rows = rowsOf(tokens)
  let shortestMs = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now()
    await infer(rows)
    shortestMs = Math.min(shortestMs, performance.now() - startedAt)
  }
  return rows.ids.length / shortestMs
}

function rowsOf(tokens: number): Rows {
  const lengths = new Array<number>(Math.max(1, Math.floor(tokens / ROW_TOKENS))).fill(ROW_TOKENS)
  return { ids: new Int32Array(lengths.length * ROW_TOKENS).fill(1), lengths }
}
