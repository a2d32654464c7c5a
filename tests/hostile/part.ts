import type { RUNTIMES } from '../../harness/process.ts'
import type { Report } from './report.ts'

export type Runtime = (typeof RUNTIMES)[number]

export interface Circumstances {
  readonly runtime: Runtime
  readonly report: Report
  /** Factor on every bound of time: above 1 on a machine that others use as well. */
  readonly slack: number
  /** Seconds of each overload. */
  readonly overloadSeconds: number
  /** Of all that is random. */
  readonly seed: number
}

/** Starts the processes it needs, attacks them, reports each attack, and ends what it started. */
export type Part = (circumstances: Circumstances) => Promise<void>
