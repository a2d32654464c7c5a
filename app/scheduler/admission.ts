import { AppError } from '../errors.ts'

/** English has about four bytes of UTF-8 to a WordPiece token; [CLS] and [SEP] come on top. */
const BYTES_PER_TOKEN = 4
const SPECIAL_TOKENS = 2
const MAX_RETRY_AFTER_SECONDS = 60
/** Of the time that is left, as much may be planned: the pace can fall by a fifth while a request waits. */
const PLANNED_SHARE = 0.8

/** Tokens that a text will cost, guessed from its size: the exact count is the tokenizer's to find. */
export function estimateTokens(text: string, maxTokens: number): number {
  return Math.min(maxTokens, Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN) + SPECIAL_TOKENS)
}

interface Load {
  /** Tokens that the request would add. */
  readonly cost: number
  /** Tokens that wait already. */
  readonly waiting: number
  /** Tokens of the requests that are not answered: of all, and of those to be served before it. */
  readonly open: number
  readonly openBefore: () => number
  readonly maxTokens: number
  /** That all workers together read, as measured. */
  readonly tokensPerMs: number
  /** Until the caller's deadline. */
  readonly remainingMs: number
}

/**
 * Throws `payload_too_large` for a request that could never wait here, `overloaded` with the time
 * until there should be room for one that can't wait now, or that would be answered too late
 * because of what waits, a share of its time kept in hand, and `deadline_exceeded` for one that
 * would be late all alone.
 */
export function admit(load: Load): void {
  const { cost, waiting, open, openBefore, maxTokens, tokensPerMs, remainingMs } = load
  if (cost > maxTokens) {
    throw new AppError('payload_too_large', 'The texts are more than the whole queue holds.')
  }
  const excess = waiting + cost - maxTokens
  if (excess > 0) throw overloaded('Too many texts are waiting.', excess / tokensPerMs)

  if (cost / tokensPerMs > remainingMs) {
    throw new AppError('deadline_exceeded', 'The texts take longer than the time that is left.')
  }
  const plannedMs = remainingMs * PLANNED_SHARE
  if ((open + cost) / tokensPerMs <= plannedMs) return
  const before = openBefore()
  const lateMs = (before + cost) / tokensPerMs - plannedMs
  // With nothing before it a later try would be no better.
  if (before > 0 && lateMs > 0) {
    throw overloaded('Too many texts are waiting to answer in time.', lateMs)
  }
}

function overloaded(reason: string, milliseconds: number): AppError {
  const seconds = Math.min(Math.ceil(milliseconds / 1000), MAX_RETRY_AFTER_SECONDS)
  return new AppError('overloaded', `${reason} Try again after ${seconds} s.`, {
    headers: { 'Retry-After': String(seconds) },
  })
}
