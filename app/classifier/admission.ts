import { AppError } from '../errors.ts'

/** English has about four bytes of UTF-8 to a WordPiece token; [CLS] and [SEP] come on top. */
const BYTES_PER_TOKEN = 4
const SPECIAL_TOKENS = 2
const MAX_RETRY_AFTER_SECONDS = 60

/** Tokens that a text will cost, guessed from its size: the exact count is a worker's to find. */
export function estimateTokens(text: string, maxTokens: number): number {
  return Math.min(maxTokens, Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN) + SPECIAL_TOKENS)
}

interface Load {
  /** Tokens that the request would add, and that already wait. */
  readonly cost: number
  readonly queued: number
  readonly maxQueueTokens: number
  /** Tokens that all workers together read in a second, as measured. */
  readonly tokensPerSecond: number
}

/**
 * Throws `payload_too_large` for a request that could never wait here, and `overloaded`, with the
 * time until there should be room, for one that can't wait now.
 */
export function admit({ cost, queued, maxQueueTokens, tokensPerSecond }: Load): void {
  if (cost > maxQueueTokens) {
    throw new AppError('payload_too_large', 'The texts are more than the whole queue holds.')
  }
  const excess = queued + cost - maxQueueTokens
  if (excess <= 0) return
  const seconds = Math.ceil(excess / tokensPerSecond)
  throw new AppError('overloaded', 'Too many texts are waiting; try again shortly.', {
    headers: { 'Retry-After': String(Math.min(seconds, MAX_RETRY_AFTER_SECONDS)) },
  })
}
