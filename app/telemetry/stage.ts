import type { Metrics } from './metrics.ts'
import type { Stage } from './timing.ts'
import { NO_TRACE, type Trace } from './trace.ts'

interface Passed {
  readonly stage: Stage
  readonly ms: number
  /** Source of the exemplar; none for a value that belongs to many requests. */
  readonly trace?: Trace
}

/** Records the duration of one stage. */
export function observeStage(
  { stageSeconds }: Pick<Metrics, 'stageSeconds'>,
  { stage, ms, trace = NO_TRACE }: Passed,
): void {
  stageSeconds[stage].observe(ms / 1000, trace.exemplar)
}
