import type { Limits } from './limits.ts'
import { type Batch, isExplained, overheadOf, type Part } from './part.ts'
import { WaitingParts } from './waiting-parts.ts'

export interface CollectorOptions {
  limits(): Promise<Limits>
  /** How many batches may be under way now. */
  room(): number
  /** Must not reject. */
  ask(batch: Batch): Promise<void>
}

/**
 * Collects the texts of all calls of one tick into batches, as large as the limits allow. Texts for
 * which there is no room yet wait, and are collected with those that come until there is.
 */
export class Collector {
  readonly #options: CollectorOptions
  /** By the fields that a request has beside its texts. */
  readonly #groups = new Map<string, WaitingParts>()
  #underWay = 0
  #scheduled = false

  constructor(options: CollectorOptions) {
    this.#options = options
  }

  add(parts: readonly Part[], fields: string): void {
    const waiting = this.#groups.get(fields) ?? new WaitingParts()
    waiting.add(parts)
    this.#groups.set(fields, waiting)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    afterTick(() => {
      this.#scheduled = false
      void this.#send()
    })
  }

  async #send(): Promise<void> {
    const limits = await this.#options.limits()
    while (this.#underWay < this.#options.room()) {
      const batch = this.#take(limits)
      if (!batch) return
      this.#underWay++
      void this.#options.ask(batch).then(() => {
        this.#underWay--
        // Not at once: a tick that has begun to call is not to be torn apart.
        this.#schedule()
      })
    }
  }

  /** The next texts that fit into one request, and that somebody still waits for. */
  #take(limits: Limits): Batch | undefined {
    for (const [fields, waiting] of this.#groups) {
      const maxTexts = isExplained(fields) ? limits.maxExplainTexts : limits.maxTexts
      const parts = waiting.take({ ...limits, maxTexts }, overheadOf(fields))
      // At the end: the other groups have their turn first.
      this.#groups.delete(fields)
      if (!waiting.empty) this.#groups.set(fields, waiting)
      if (parts.length > 0) return { parts, fields, timeoutMs: limits.timeoutMs }
    }
    return undefined
  }
}

declare const setImmediate: ((run: () => void) => unknown) | undefined

/** Once all that is ready now has run. Browsers have no `setImmediate`. */
function afterTick(run: () => void): void {
  if (typeof setImmediate === 'function') setImmediate(run)
  else setTimeout(run)
}
