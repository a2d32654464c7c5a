import { AppError } from '../errors.ts'

/** English has about four bytes of UTF-8 to a WordPiece token; [CLS] and [SEP] come on top. */
const BYTES_PER_TOKEN = 4
const SPECIAL_TOKENS = 2
const MAX_RETRY_AFTER_SECONDS = 60

/** Tokens that a text will cost, guessed from its size: the exact count is the tokenizer's to find. */
export function estimateTokens(text: string, maxTokens: number): number {
  return Math.min(maxTokens, Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN) + SPECIAL_TOKENS)
}

interface Load {
  /** Tokens that the request would add. */
  readonly cost: number
  /** Tokens that already wait, all together and by request. */
  readonly waiting: number
  readonly waitingByJob: Iterable<number>
  readonly maxTokens: number
  /** That all workers together read, as measured. */
  readonly tokensPerMs: number
  /** Until the caller's deadline. */
  readonly remainingMs: number
}

/**
 * Throws `payload_too_large` for a request that could never wait here, `overloaded` with the time
 * until there should be room for one that can't wait now, or that would be answered too late
 * because of what waits, and `deadline_exceeded` for one that would be late all alone.
 */
export function admit(load: Load): void {
  const { cost, waiting, maxTokens, tokensPerMs, remainingMs } = load
  if (cost > maxTokens) {
    throw new AppError('payload_too_large', 'The texts are more than the whole queue holds.')
  }
  const excess = waiting + cost - maxTokens
  if (excess > 0) throw overloaded('Too many texts are waiting.', excess / tokensPerMs)

  if (cost / tokensPerMs > remainingMs) {
    throw new AppError('deadline_exceeded', 'The texts take longer than the time that is left.')
  }
  if ((waiting + cost) / tokensPerMs <= remainingMs) return
  const lateMs = tokensUntilDone(load) / tokensPerMs - remainingMs
  if (lateMs > 0) throw overloaded('Too many texts are waiting to answer in time.', lateMs)
}

/**
 * Workers are shared fairly, so by the time a request is done each other one has been given no
 * more than it (processor sharing).
 */
function tokensUntilDone({ cost, waitingByJob }: Load): number {
  let tokens = cost
  for (const others of waitingByJob) tokens += Math.min(others, cost)
  return tokens
}

function overloaded(reason: string, milliseconds: number): AppError {
  const seconds = Math.min(Math.ceil(milliseconds / 1000), MAX_RETRY_AFTER_SECONDS)
  return new AppError('overloaded', `${reason} Try again after ${seconds} s.`, {
    headers: { 'Retry-After': String(seconds) },
  })
}
