import type { Logger } from '../telemetry/logger.ts'
import { withTimeout } from '../timeout.ts'
import type { Cache } from './cache.ts'
import { reasonOf } from './reason.ts'

interface CircuitBreakerOptions {
  /** Timeout of a lookup. */
  readonly timeoutMs: number
  /** Called when the circuit breaker opens or closes. */
  readonly onOpen: (open: boolean) => void
  readonly log: Logger
  /** Milliseconds. */
  readonly now?: () => number
}

/** Consecutive failed lookups that open the circuit breaker. */
const MAX_FAILURES = 3
/** Time between half-open probes, in milliseconds. */
const WINDOW_MS = 1000
/** No request waits for a write, so its timeout is this many times that of a lookup. */
const WRITE_TIMEOUTS = 20

/**
 * A cache behind timeouts and a circuit breaker, so that its failures cost speed at most. A lookup
 * takes no longer than `timeoutMs`. After three consecutive failed lookups the breaker opens: calls
 * fail fast, and one half-open probe per second, in the background, closes it when it succeeds.
 */
export function withCircuitBreaker<Value>(
  cache: Cache<Value>,
  options: CircuitBreakerOptions,
): Cache<Value> {
  const { timeoutMs, log } = options
  const breaker = createBreaker({
    ...options,
    onOpen(error) {
      options.onOpen(true)
      const fields = { event: 'circuit_breaker_opened', reason: reasonOf(error) } as const
      log.warn(fields, 'cache circuit breaker opened')
    },
    onClose() {
      options.onOpen(false)
      log.info({ event: 'circuit_breaker_closed' }, 'cache circuit breaker closed')
    },
  })
  const writeTimeoutMs = WRITE_TIMEOUTS * timeoutMs
  let writesFail = false

  return {
    tier: cache.tier,
    async getMany(keys) {
      const lookup = () => withTimeout(cache.getMany(keys), timeoutMs, late(timeoutMs))
      if (!breaker.isOpen) return breaker.watch(lookup())
      if (breaker.mayProbe) breaker.watch(lookup()).catch(() => undefined)
      throw new Error('The cache circuit breaker is open.')
    },
    async setMany(entries) {
      if (breaker.isOpen) throw new Error('The cache circuit breaker is open.')
      try {
        await withTimeout(cache.setMany(entries), writeTimeoutMs, late(writeTimeoutMs))
        writesFail = false
      } catch (error) {
        // A full or read-only Redis still answers lookups, so the breaker does not count writes.
        const reason = reasonOf(error)
        if (!writesFail) log.warn({ event: 'cache_writes_failing', reason }, 'cache writes failing')
        writesFail = true
        throw error
      }
    },
    close: () => cache.close(),
  }
}

const late = (milliseconds: number) => () => new Error(`No answer within ${milliseconds} ms.`)

interface BreakerOptions {
  readonly onOpen: (error: unknown) => void
  readonly onClose: () => void
  /** Milliseconds. */
  readonly now?: () => number
}

/**
 * A circuit breaker: three consecutive failures of what it watches open it, and one success closes
 * it. While it is open, one half-open probe per second is due.
 */
export function createBreaker({ onOpen, onClose, now = () => performance.now() }: BreakerOptions) {
  let failures = 0
  /** When the next probe may start; undefined while the breaker is closed. */
  let probeAt: number | undefined

  const succeed = () => {
    failures = 0
    if (probeAt === undefined) return
    probeAt = undefined
    onClose()
  }
  const fail = (error: unknown) => {
    failures++
    if (failures < MAX_FAILURES || probeAt !== undefined) return
    probeAt = now() + WINDOW_MS
    onOpen(error)
  }

  return {
    get isOpen() {
      return probeAt !== undefined
    },
    /** Whether a half-open probe is due; the next one is a window later. */
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
