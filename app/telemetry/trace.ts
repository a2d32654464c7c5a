import type { Attributes } from '@opentelemetry/api'

/** What a histogram keeps beside a value to lead to a request. */
export interface Exemplar {
  /** 32 hexadecimal digits. */
  readonly trace_id: string
}

/** On the clock of `performance.now()`. */
interface Period {
  readonly startedAt: number
  readonly endedAt: number
}

/** One request as spans. Its attributes never hold a text. */
export interface Trace {
  /** Undefined if this request is not recorded. */
  readonly exemplar: Exemplar | undefined
  /** Adds what was done in some time. */
  add(name: string, period: Period, attributes?: Attributes): void
}

/** The trace of a request that nobody follows. */
export const NO_TRACE: Trace = {
  exemplar: undefined,
  add() {},
}

/** Tells of a batch in the traces of the requests that had a text in it. */
export type TraceBatch = (
  traces: ReadonlySet<Trace>,
  batch: Period & { readonly attributes: Attributes },
) => void
