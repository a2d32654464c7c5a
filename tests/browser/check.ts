import type { Services } from './services.ts'
import type { Visit } from './visit.ts'

/** One thing that must hold of the pages, in each view. */
export interface Check {
  readonly name: string
  /** Which of the services it visits; `open` if left out. */
  readonly service?: keyof Services
  /** A browser complains of every answer with an error status by itself: the check expects these. */
  readonly failsOnPurpose?: boolean
  /** Throws what does not hold. */
  run(visit: Visit): Promise<void>
}
