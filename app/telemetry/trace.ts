import type { Attributes } from '@opentelemetry/api'

/** Exemplar labels, which link a histogram's value to a trace. */
export interface Exemplar {
  /** 32 hexadecimal digits. */
  readonly trace_id: string
}

/** On the clock of `performance.now()`. */
interface Period {
  readonly startedAt: number
  readonly endedAt: number
}

/** The spans of one request. Attributes never contain a text. */
export interface Trace {
  /** `undefined` if this request is not sampled. */
  readonly exemplar: Exemplar | undefined
  /** Adds a finished child span. */
  add(name: string, period: Period, attributes?: Attributes): void
}

/** The trace of a request when tracing is off. */
export const NO_TRACE: Trace = {
  exemplar: undefined,
  add() {},
}

/** Adds a batch to the traces of the requests that have texts in it. */
export type TraceBatch = (
  traces: ReadonlySet<Trace>,
  batch: Period & { readonly attributes: Attributes },
) => void
