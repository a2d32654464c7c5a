import { exchange, type Http } from './http.ts'
import { type Fields, isRecord } from './json.ts'
import { PolarityError } from './polarity-error.ts'
import type { Info } from './wire.ts'

/** What one request may hold, and how long it may take. */
export interface Limits {
  readonly maxTexts: number
  /** Of those with explanations. */
  readonly maxExplainTexts: number
  /** Of a text, in code points. */
  readonly maxChars: number
  readonly maxBodyBytes: number
  readonly timeoutMs: number
}

/** The service's defaults, for where `/info` can't be read; without one for characters, which it judges itself. */
const DEFAULTS: Limits = {
  maxTexts: 1024,
  maxExplainTexts: 8,
  maxChars: Number.POSITIVE_INFINITY,
  maxBodyBytes: 2_000_000,
  timeoutMs: 30_000,
}

const INFO_TIMEOUT_MS = 5000

/** The limits in `/info`, read once; again after `forget()`, or while nobody answers. */
export class KnownLimits {
  readonly #http: Http
  #limits: Promise<Limits> | undefined

  /** `given`: in place of those in `/info`. */
  constructor(http: Http, given?: Partial<Info['limits']>) {
    this.#http = http
    if (given) this.#limits = Promise.resolve(toLimits({ limits: given }))
  }

  get(): Promise<Limits> {
    this.#limits ??= this.#read()
    return this.#limits
  }

  /** They have changed. */
  forget(): void {
    this.#limits = undefined
  }

  async #read(): Promise<Limits> {
    const { signal } = new AbortController()
    try {
      const { body } = await exchange(this.#http, 'info', { signal, timeoutMs: INFO_TIMEOUT_MS })
      return toLimits(body)
    } catch (error) {
      // A gateway may show `/predict` alone: then it is no use to ask again.
      const refused = error instanceof PolarityError && (error.status ?? 500) < 500
      if (!refused) this.forget()
      return DEFAULTS
    }
  }
}

function toLimits({ limits, explanations }: Fields<Info>): Limits {
  const limit = (name: keyof Info['limits']) => positive(limits, name)
  const seconds = limit('request_timeout_seconds')
  return {
    maxTexts: limit('max_texts') ?? DEFAULTS.maxTexts,
    maxExplainTexts: positive(explanations, 'max_texts') ?? DEFAULTS.maxExplainTexts,
    maxChars: limit('max_chars') ?? DEFAULTS.maxChars,
    maxBodyBytes: limit('max_body_bytes') ?? DEFAULTS.maxBodyBytes,
    timeoutMs: seconds === undefined ? DEFAULTS.timeoutMs : seconds * 1000,
  }
}

function positive(record: unknown, name: string): number | undefined {
  const value = isRecord(record) ? record[name] : undefined
  return typeof value === 'number' && value > 0 ? value : undefined
}
