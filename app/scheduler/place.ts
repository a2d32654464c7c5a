/**
 * A request is due this many times its own service time after its admission, not counting its first
 * batch. Earliest due date first lets short requests overtake large ones, while those of one batch
 * at most, and those of about one size, stay first come, first served: who is admitted is not slowed
 * by who comes after, even under overload.
 */
const STRETCH = 10

/** At half of its planned time a request is due in any case, so that short ones can't make it late. */
const LATEST_DUE = 0.5
/** Safety margin: what is promised is planned for 80 % of the time left, because throughput can fall. */
export const PLANNED_SHARE = 0.8

/** A place in the queue: whose, and when what stands there must be served. */
export interface Place {
  readonly caller: string
  /** Due time: a caller's earliest-due place is served first. */
  readonly dueAt: number
  /** Latest start: from here on the deadline is at risk. */
  readonly lateAt: number
}

/** How much the workers do. */
export interface Speed {
  /** Tokens of a batch. */
  readonly batchTokens: number
  /** Throughput of all workers together. */
  readonly tokensPerMs: number
}

interface Terms extends Speed {
  /** Whether its caller's other requests go first. */
  readonly behindOthers?: boolean | undefined
  /** Of its texts. */
  readonly tokens: number
  readonly now: number
  readonly deadlineAt: number
}

/** The place of a request that is admitted now. */
export function placeOf(caller: string, terms: Terms): Place {
  const { tokens, batchTokens, tokensPerMs, now, deadlineAt, behindOthers } = terms
  const stretchMs = (STRETCH * Math.max(0, tokens - batchTokens)) / tokensPerMs
  const plannedMs = Math.max(0, PLANNED_SHARE * (deadlineAt - now))
  const latestMs = LATEST_DUE * plannedMs
  const dueAt = now + (behindOthers ? latestMs : Math.min(stretchMs, latestMs))
  return { caller, dueAt, lateAt: now + Math.max(0, plannedMs - tokens / tokensPerMs) }
}
