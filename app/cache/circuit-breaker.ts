import type { Logger } from '../telemetry/logger.ts'
import { inTime } from '../timeout.ts'
import type { Cache } from './cache.ts'
import { reasonOf } from './reason.ts'

interface GuardOptions {
  /** Longest wait for a lookup. */
  readonly timeoutMs: number
  /** Told of every opening and closing. */
  readonly onOpen: (open: boolean) => void
  readonly log: Logger
  /** Milliseconds. */
  readonly now?: () => number
}

/** Lookups that fail in a row until nobody waits for the cache any more. */
const MAX_FAILURES = 3
/** Until it is tried again, in milliseconds. */
const WINDOW_MS = 1000
/** Nobody waits for a write, so it may take this many times as long as a lookup. */
const WRITE_TIMEOUTS = 20

/**
 * A cache that costs speed at most. A lookup waits no longer than `timeoutMs`. After some that
 * failed in a row a circuit breaker opens: calls fail at once, and every second one lookup is
 * tried behind them, which nobody waits for and which closes the breaker if it succeeds.
 */
export function guarded<Value>(cache: Cache<Value>, options: GuardOptions): Cache<Value> {
  const { timeoutMs, log } = options
  const breaker = createBreaker(options)
  const writeTimeoutMs = WRITE_TIMEOUTS * timeoutMs
  let writesFail = false

  return {
    tier: cache.tier,
    async getMany(keys) {
      const lookup = () => inTime(cache.getMany(keys), timeoutMs, late(timeoutMs))
      if (!breaker.isOpen) return breaker.watch(lookup())
      if (breaker.mayProbe) breaker.watch(lookup()).catch(() => undefined)
      throw new Error('The cache is away, and not asked.')
    },
    async setMany(entries) {
      if (breaker.isOpen) throw new Error('The cache is away, and not written to.')
      try {
        await inTime(cache.setMany(entries), writeTimeoutMs, late(writeTimeoutMs))
        writesFail = false
      } catch (error) {
        // A full Redis or a replica still answers lookups, so the breaker does not count writes.
        if (!writesFail) log.warn({ reason: reasonOf(error) }, 'the shared cache keeps nothing new')
        writesFail = true
        throw error
      }
    },
    close: () => cache.close(),
  }
}

const late = (milliseconds: number) => () => new Error(`No answer within ${milliseconds} ms.`)

function createBreaker({ onOpen, log, now = () => performance.now() }: GuardOptions) {
  let failures = 0
  /** When the next probe may start; undefined while the breaker is closed. */
  let probeAt: number | undefined

  const succeed = () => {
    failures = 0
    if (probeAt === undefined) return
    probeAt = undefined
    onOpen(false)
    log.info('the shared cache is asked again')
  }
  const fail = (error: unknown) => {
    failures++
    if (failures < MAX_FAILURES || probeAt !== undefined) return
    probeAt = now() + WINDOW_MS
    onOpen(true)
    log.warn({ reason: reasonOf(error) }, 'the shared cache fails, and is not asked for now')
  }

  return {
    get isOpen() {
      return probeAt !== undefined
    },
    /** Whether it is time for a probe; the next one is a window later. */
    get mayProbe() {
      if (probeAt === undefined || now() < probeAt) return false
      probeAt = now() + WINDOW_MS
      return true
    },
    async watch<T>(work: Promise<T>): Promise<T> {
      try {
        const result = await work
        succeed()
        return result
      } catch (error) {
        fail(error)
        throw error
      }
    },
  }
}
