import { LRUCache } from 'lru-cache'
import type { Logger } from '../telemetry/logger.ts'
import { withTimeout } from '../timeout.ts'
import { type Buckets, LocalBuckets, type Taken } from '../token-bucket.ts'
import { createBreaker } from './circuit-breaker.ts'
import { reasonOf } from './reason.ts'
import type { RemoteBuckets } from './redis-buckets.ts'

interface SharedOptions {
  readonly textsPerMinute: number
  readonly timeoutMs: number
  /** Told when the process begins to count by itself, and when it no longer does. */
  readonly onLocal: (local: boolean) => void
  readonly log: Logger
}

/** What a process has taken from a shared bucket and not used yet. */
interface Lease {
  texts: number
  /** What the shared bucket held at the last look. */
  left: number
}

const MAX_LEASES = 100_000
/** By then a shared bucket is full again, whatever was taken for the lease. */
const LEASE_TTL_MS = 60_000
/** A lease is what flows into a bucket in this part of a minute: so many calls of Redis a minute at most. */
const LEASES_PER_MINUTE = 60

/**
 * Token buckets that replicas share. Texts are taken from the shared bucket a second's worth ahead, so
 * that most cache hits wait for no Redis. While Redis fails or is slow, this process counts by
 * itself, and goes on from what it has let through.
 */
export class SharedBuckets implements Buckets {
  readonly #remote: RemoteBuckets
  readonly #local: LocalBuckets
  readonly #ahead: number
  readonly #timeoutMs: number
  readonly #perMinute: number
  readonly #breaker: ReturnType<typeof createBreaker>
  readonly #leases = new LRUCache<string, Lease>({
    max: MAX_LEASES,
    ttl: LEASE_TTL_MS,
    updateAgeOnGet: true,
  })

  constructor(remote: RemoteBuckets, options: SharedOptions) {
    this.#remote = remote
    this.#timeoutMs = options.timeoutMs
    this.#perMinute = options.textsPerMinute
    this.#ahead = Math.floor(options.textsPerMinute / LEASES_PER_MINUTE)
    this.#local = new LocalBuckets(options.textsPerMinute)
    this.#breaker = createBreaker({
      onOpen: (error) => {
        options.onLocal(true)
        const fields = { event: 'rate_limit_local', reason: reasonOf(error) } as const
        options.log.warn(fields, 'rate limit counted by this process alone')
      },
      onClose: () => {
        options.onLocal(false)
        options.log.info({ event: 'rate_limit_shared' }, 'rate limit shared through redis again')
      },
    })
  }

  take(caller: string, texts: number): Taken | Promise<Taken> {
    const lease = this.#leaseOf(caller)
    if (lease.texts < texts) return this.#takeMore(caller, lease, texts)
    lease.texts -= texts
    this.#local.add(caller, -texts)
    return { granted: texts, left: lease.texts + lease.left }
  }

  async add(caller: string, texts: number): Promise<Taken> {
    const own = this.#local.add(caller, texts)
    const lease = this.#leaseOf(caller)
    const leased = lease.texts + texts
    if (leased >= 0 && leased <= this.#ahead) {
      lease.texts = leased
      return { granted: 0, left: leased + lease.left }
    }
    const answer = await this.#ask(() => this.#remote.add(caller, texts))
    if (!answer) return own
    lease.left = answer.left
    return { granted: 0, left: lease.texts + lease.left }
  }

  close(): void {
    this.#remote.close()
  }

  async #takeMore(caller: string, lease: Lease, texts: number): Promise<Taken> {
    // Set aside, or another request would take them meanwhile.
    const held = lease.texts
    lease.texts = 0
    const need = texts - held
    const answer = await this.#ask(() => this.#remote.take(caller, need, need + this.#ahead))
    if (!answer) {
      lease.texts += held
      return this.#local.take(caller, texts)
    }
    lease.left = answer.left
    const granted = answer.granted >= need
    lease.texts += granted ? answer.granted - need : held
    if (granted) this.#local.add(caller, -texts)
    return { granted: granted ? texts : 0, left: lease.texts + lease.left }
  }

  #leaseOf(caller: string): Lease {
    const known = this.#leases.get(caller)
    if (known) return known
    const lease = { texts: 0, left: this.#perMinute }
    this.#leases.set(caller, lease)
    return lease
  }

  /** What Redis says; `undefined` if it fails, is late or is not to be asked now. */
  async #ask(work: () => Promise<Taken>): Promise<Taken | undefined> {
    if (!this.#breaker.isOpen) return this.#watch(work())
    // In the background, with a bucket of nobody: a request never waits for a Redis that is away.
    if (this.#breaker.mayProbe) void this.#watch(this.#remote.add('', 0))
    return undefined
  }

  #watch(work: Promise<Taken>): Promise<Taken | undefined> {
    const late = () => new Error(`No answer within ${this.#timeoutMs} ms.`)
    const timely = withTimeout(work, this.#timeoutMs, late)
    return this.#breaker.watch(timely).catch(() => undefined)
  }
}
