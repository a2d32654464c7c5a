const STAGES = ['cache', 'queue', 'tokenize', 'inference'] as const

export type Stage = (typeof STAGES)[number]

/** Time that one request spent in each stage, in milliseconds; repeated stages add up. */
export interface Timing {
  add(stage: Stage, milliseconds: number): void
  /** Milliseconds in one stage so far. */
  spent(stage: Stage): number
  /** Milliseconds since the request came. */
  elapsed(): number
  /** The value of a `Server-Timing` header, `total` last. */
  toHeader(): string
}

/** Starts the clock of one request. */
export function createTiming(): Timing {
  const startedAt = performance.now()
  const spent = { cache: 0, queue: 0, tokenize: 0, inference: 0 }

  return {
    add(stage, milliseconds) {
      spent[stage] += milliseconds
    },
    spent(stage) {
      return spent[stage]
    },
    elapsed() {
      return performance.now() - startedAt
    },
    toHeader() {
      let header = ''
      for (const stage of STAGES) header += `${stage};dur=${toNearestMicrosecond(spent[stage])}, `
      return `${header}total;dur=${toNearestMicrosecond(performance.now() - startedAt)}`
    },
  }
}

const toNearestMicrosecond = (milliseconds: number) => Math.round(milliseconds * 1000) / 1000
