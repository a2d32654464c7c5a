import { z } from 'zod'
import type { Outcome } from './outcome.ts'

/** Scores are counted in whole millionths: sums of them are exact, in whatever order. */
export const MILLION = 1_000_000

const toMillionths = (score: number): number => Math.round(score * MILLION)
export const fromMillionths = (millionths: number): number => millionths / MILLION

export const whole = z.number().int().nonnegative()

/** What an outcome adds to a tally. */
export interface Scored {
  /** Whether the last label won, POSITIVE in the bundled model. */
  readonly isLast: boolean
  readonly unsure: boolean
  /** Of the winning label, in millionths. */
  readonly score: number
  /** Of the last label, in millionths. */
  readonly lastScore: number
}

/** Scores of the last of two labels between which an answer is unsure, the ends included. */
export const UnsureRange = z.tuple([z.number(), z.number()]).readonly().nullable()
export type UnsureRange = z.infer<typeof UnsureRange>

export interface Scale {
  readonly lastLabel: string
  readonly unsureRange: UnsureRange
}

export function toScored(outcome: Outcome, { lastLabel, unsureRange }: Scale): Scored {
  const lastScore = toMillionths(outcome.lastScore)
  return {
    isLast: outcome.label === lastLabel,
    unsure: unsureRange !== null && isWithin(lastScore, unsureRange),
    score: toMillionths(outcome.score),
    lastScore,
  }
}

const isWithin = (millionths: number, [from, to]: readonly [number, number]) =>
  millionths >= toMillionths(from) && millionths <= toMillionths(to)

/** Classified rows of some kind, and how they divide. */
export const Tally = z.object({
  rows: whole,
  /** Rows with the last label. */
  last: whole,
  unsure: whole,
  /** Rows with the last label that are unsure. */
  unsureLast: whole,
  /** Sum of the last label's scores, in millionths. */
  lastScore: whole,
})
export type Tally = z.infer<typeof Tally>

export const noTally = (): Tally => ({ rows: 0, last: 0, unsure: 0, unsureLast: 0, lastScore: 0 })

/** Adds one row. */
export function count(tally: Tally, { isLast, unsure, lastScore }: Scored): void {
  tally.rows++
  if (isLast) tally.last++
  if (unsure) tally.unsure++
  if (unsure && isLast) tally.unsureLast++
  tally.lastScore += lastScore
}

export const addTallies = (a: Tally, b: Tally): Tally => ({
  rows: a.rows + b.rows,
  last: a.last + b.last,
  unsure: a.unsure + b.unsure,
  unsureLast: a.unsureLast + b.unsureLast,
  lastScore: a.lastScore + b.lastScore,
})

/** Tallies by name. */
export class TallyMap extends Map<string, Tally> {
  /** The tally of a name, which is made if there is none. */
  of(name: string): Tally {
    const known = this.get(name)
    if (known) return known
    const tally = noTally()
    this.set(name, tally)
    return tally
  }

  /** Adds to the tally of a name. */
  add(name: string, tally: Tally): void {
    this.set(name, addTallies(this.get(name) ?? noTally(), tally))
  }

  /** A list of pairs: a name may be anything, also one that objects have a use for. */
  toJSON(): [string, Tally][] {
    return [...this]
  }
}

/** Reads what a map of tallies is in JSON. */
export const Tallies = z
  .array(z.tuple([z.string(), Tally]))
  .transform((entries) => new TallyMap(entries))
