import type { Counts } from '../bulk/counts.ts'
import type { UnsureRange } from '../bulk/tally.ts'

/** The two ends of the scale: the last label, and the other one, or none of it where there are several. */
export interface Sides {
  readonly negative: string
  readonly positive: string
  /** Null where nobody says when the model is unsure. */
  readonly unsure: UnsureRange
}

export function sidesOf({ labels, lastLabel, unsureRange }: Counts): Sides {
  const others = Object.keys(labels).filter((label) => label !== lastLabel)
  const [other] = others
  const negative = others.length === 1 && other !== undefined ? other : `not ${lastLabel}`
  return { positive: lastLabel, negative, unsure: unsureRange }
}
