import { Counter, type Registry } from 'prom-client'
import { REQUEST_OUTCOMES } from '../labels.ts'

type Outcome = (typeof REQUEST_OUTCOMES)[number]

/**
 * Requests by name of the API key and by outcome. Counted in a map until the scrape, as prom-client's
 * own `inc` looks its labels up each time: that would cost a cache hit more than its lookup.
 */
export class KeyRequests extends Counter<'key' | 'outcome'> {
  readonly #uncounted: ReadonlyMap<Outcome, Map<string, number>>

  constructor(registers: Registry[]) {
    const uncounted = new Map(
      REQUEST_OUTCOMES.map((outcome) => [outcome, new Map<string, number>()]),
    )
    super({
      name: 'polarity_key_requests_total',
      help: 'POST /predict by name of the API key (empty where keys are off, or none was known) and outcome: answered, shed (429), rejected (another 4xx) or failed (5xx).',
      labelNames: ['key', 'outcome'],
      registers,
      collect() {
        for (const [outcome, keys] of uncounted) {
          for (const [key, requests] of keys) this.inc({ key, outcome }, requests)
          keys.clear()
        }
      },
    })
    this.#uncounted = uncounted
    this.start('')
  }

  /** One request more, answered with this status. */
  count(key: string, status: number): void {
    const keys = this.#uncounted.get(outcomeOf(status))
    keys?.set(key, (keys.get(key) ?? 0) + 1)
  }

  /** The series of a key exist from here on, with value 0. */
  start(key: string): void {
    for (const outcome of REQUEST_OUTCOMES) this.inc({ key, outcome }, 0)
  }

  /** The series of a key are gone. */
  forget(key: string): void {
    for (const outcome of REQUEST_OUTCOMES) {
      this.#uncounted.get(outcome)?.delete(key)
      this.remove({ key, outcome })
    }
  }
}

function outcomeOf(status: number): Outcome {
  if (status < 400) return 'answered'
  if (status === 429) return 'shed'
  return status < 500 ? 'rejected' : 'failed'
}
