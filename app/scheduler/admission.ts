import { AppError } from '../errors.ts'

/** English has about four bytes of UTF-8 to a WordPiece token; [CLS] and [SEP] come on top. */
const BYTES_PER_TOKEN = 4
const SPECIAL_TOKENS = 2
const MAX_RETRY_AFTER_SECONDS = 60
/** Safety margin: admit at 80 % of the remaining deadline, because throughput can fall while a request waits. */
const PLANNED_SHARE = 0.8

/** Tokens that a text will cost, estimated from its size: only the tokenizer knows the exact count. */
export function estimateTokens(text: string, maxTokens: number): number {
  return Math.min(maxTokens, Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN) + SPECIAL_TOKENS)
}

interface Load {
  /** Tokens that the request would add. */
  readonly cost: number
  /** Tokens that wait already. */
  readonly waiting: number
  /** Tokens of all requests that are not answered. */
  readonly open: number
  /** Tokens that will be served before this request; counted only where it matters. */
  readonly tokensAhead: () => number
  readonly maxTokens: number
  /** Throughput of all workers together. */
  readonly tokensPerMs: number
  /** Time left until the caller's deadline. */
  readonly remainingMs: number
}

/**
 * Admission control: refuses now what would not be answered in time. Throws `payload_too_large` if
 * the request is larger than the queue; `overloaded` (with Retry-After) if the queue is full, or if
 * the estimated completion exceeds 80 % of the time left; `deadline_exceeded` if it would miss its
 * deadline on an idle server.
 */
export function admit(load: Load): void {
  const { cost, waiting, open, tokensAhead, maxTokens, tokensPerMs, remainingMs } = load
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
  const ahead = tokensAhead()
  const lateMs = (ahead + cost) / tokensPerMs - plannedMs
  // With nothing ahead of it a later try would be no better.
  if (ahead > 0 && lateMs > 0) {
    throw overloaded('Too many texts are waiting to answer in time.', lateMs)
  }
}

function overloaded(reason: string, milliseconds: number): AppError {
  const seconds = Math.min(Math.ceil(milliseconds / 1000), MAX_RETRY_AFTER_SECONDS)
  return new AppError('overloaded', `${reason} Try again after ${seconds} s.`, {
    headers: { 'Retry-After': String(seconds) },
  })
}
