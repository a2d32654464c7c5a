import { AppError, type ShedReason } from '../errors.ts'
import type { Ahead } from './fair-shares.ts'
import { PLANNED_SHARE } from './place.ts'
import { millisecondsOf, type Rates, type Work } from './work.ts'

/** English has about four bytes of UTF-8 to a WordPiece token; [CLS] and [SEP] come on top. */
const BYTES_PER_TOKEN = 4
const SPECIAL_TOKENS = 2
const MAX_RETRY_AFTER_SECONDS = 60

/** Tokens that a text will cost, estimated from its size: only the tokenizer knows the exact count. */
export function estimateTokens(text: string, maxTokens: number): number {
  return Math.min(maxTokens, Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN) + SPECIAL_TOKENS)
}

/** What texts will cost, estimated likewise. */
export function estimateWork(texts: readonly string[], maxTokens: number): Work {
  let [tokens, chars] = [0, 0]
  for (const text of texts) {
    tokens += estimateTokens(text, maxTokens)
    chars += text.length
  }
  return { tokens, chars }
}

/** The refusal of one who would wait too long or has too much waiting already, whatever its deadline. */
export class QueueFullError extends AppError {}

/** Bounds of the queue. */
export interface QueueLimits {
  readonly maxTokens: number
  /** The longest that a request may wait for its turn. */
  readonly maxSeconds: number
  /** Tokens of a turn: a full batch. */
  readonly turnTokens: number
}

/** A request that wants to be admitted, and what is there already. */
export interface Load {
  /** What the request would add. */
  readonly cost: Work
  /** Tokens that wait already. */
  readonly waiting: number
  /** Work of all requests that are not answered. */
  readonly open: Work
  /** Tokens of its caller's requests that are not answered. */
  readonly ownTokens: number
  /** Callers with open requests, this one included. */
  readonly callers: number
  /** What will be served before it; counted only where it matters. */
  readonly ahead: () => Ahead
  readonly rates: Rates
  /** Time left until the caller's deadline. */
  readonly remainingMs: number
}

/**
 * Admission control: refuses now what would not be answered in time. Throws `payload_too_large` if
 * the request is larger than the queue; `overloaded` (with Retry-After) if the queue is full and the
 * caller over its equal share of it, if its turn would come later than `maxSeconds`, or if the
 * estimated completion exceeds 80 % of the time left; `deadline_exceeded` if it would miss its
 * deadline on an idle server.
 */
export function admit(load: Load, limits: QueueLimits): void {
  const { cost, rates, remainingMs } = load
  if (cost.tokens > limits.maxTokens) {
    throw new AppError('payload_too_large', 'The texts are more than the whole queue holds.')
  }
  refuseOverShare(load, limits)
  if (cost.tokens / rates.tokensPerMs > remainingMs) {
    throw new AppError('deadline_exceeded', 'The texts take longer than the time that is left.')
  }
  refuseLate(load, limits)
}

/** With the queue full, a caller is refused that would have more than an equal share of it. */
function refuseOverShare(load: Load, { maxTokens }: QueueLimits): void {
  const { cost, waiting, ownTokens, callers, rates } = load
  const excess = waiting + cost.tokens - maxTokens
  if (excess <= 0 || ownTokens + cost.tokens <= maxTokens / callers) return
  throw queueFull('queue_full', excess / rates.tokensPerMs)
}

/** Refuses what would wait too long for its turn, or end too late. */
function refuseLate(load: Load, { maxSeconds, turnTokens }: QueueLimits): void {
  const { cost, open, rates, remainingMs } = load
  const costMs = millisecondsOf(cost, rates)
  const plannedMs = remainingMs * PLANNED_SHARE
  const maxMs = maxSeconds * 1000
  const openMs = millisecondsOf(open, rates)
  if (openMs <= maxMs && openMs + costMs <= plannedMs) return

  const { ownMs, othersMs } = load.ahead()
  // The request's own work is not counted: a large one must be possible where little else is.
  const waitMs = ownMs + othersMs(ownMs + Math.min(costMs, turnTokens / rates.tokensPerMs))
  if (waitMs > maxMs) throw queueFull('queue_wait', waitMs - maxMs)
  const aheadMs = ownMs + othersMs(ownMs + costMs)
  const lateMs = aheadMs + costMs - plannedMs
  // With nothing ahead of it a later try would be no better.
  if (aheadMs > 0 && lateMs > 0) {
    const [detail, options] = toRetry('Too many texts are waiting to answer in time.', lateMs)
    throw new AppError('overloaded', detail, { ...options, shed: 'deadline' })
  }
}

function queueFull(shed: ShedReason, milliseconds: number): QueueFullError {
  const [detail, options] = toRetry('Too many texts are waiting.', milliseconds)
  return new QueueFullError('overloaded', detail, { ...options, shed })
}

/** Detail and headers of a refusal that says when to come back. */
function toRetry(reason: string, milliseconds: number) {
  const seconds = Math.min(Math.ceil(milliseconds / 1000), MAX_RETRY_AFTER_SECONDS)
  const headers = { 'Retry-After': String(seconds) }
  return [`${reason} Try again after ${seconds} s.`, { headers }] as const
}
