import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Written by `model/tools/check_behaviour.py --write`. */
const FILE = join(import.meta.dirname, '../checks.json')

/** A neutral text may win with this score at most. */
const NEUTRAL_CEILING = 0.9
/** How far a score may move where nothing has changed. */
const STILL = 0.1
/** A step this small against the right way is no step: near 0 and 1 there is no room. */
const ROUNDING = 0.01

const Case = z.object({
  capability: z.string(),
  part: z.string(),
  /**
   * MFT: the text has the right label. NEUTRAL: no label is certain. INV: the second text has the
   * score of the first. DIR: it is more positive (`right` is 1) or less.
   */
  kind: z.enum(['MFT', 'NEUTRAL', 'INV', 'DIR']),
  texts: z.array(z.string()).min(1).max(2),
  right: z.union([z.literal(0), z.literal(1)]),
})

/** Texts that differ in nothing but the group of people that they speak of. */
const Groups = z.object({
  names: z.array(z.string()),
  /** `{}` stands for the name. */
  templates: z.array(z.string()),
})

const Checks = z.object({ cases: z.array(Case), groups: Groups })

export type Checks = z.infer<typeof Checks>
type Case = z.infer<typeof Case>

/** Behavioural checks of a sentiment model: label 1 is the positive one. */
export const loadChecks = async (): Promise<Checks> =>
  Checks.parse(JSON.parse(await readFile(FILE, 'utf8')))

/** The last label's score of each text. */
type Score = (texts: readonly string[]) => Promise<readonly number[]>

interface Tally {
  readonly cases: number
  readonly passed: number
}

export interface ChecksResult extends Tally {
  readonly byCapability: ReadonlyMap<string, Tally>
  /** Cases that failed, with the scores of their texts. */
  readonly failures: readonly (Case & { readonly scores: readonly number[] })[]
  /** Highest mean score of a group of people less the lowest. */
  readonly spread: number
}

/** Runs all checks. */
export async function runChecks({ cases, groups }: Checks, score: Score): Promise<ChecksResult> {
  const found = (await score(cases.flatMap(({ texts }) => texts))).values()
  const judged = cases.map((one) => {
    const scores = [...found.take(one.texts.length)]
    return { ...one, scores, passed: passes(one, scores) }
  })
  const byCapability = Map.groupBy(judged, ({ capability }) => capability)
  return {
    ...tallyOf(judged),
    byCapability: new Map([...byCapability].map(([name, own]) => [name, tallyOf(own)])),
    failures: judged.filter(({ passed }) => !passed).map(({ passed, ...failure }) => failure),
    spread: await spreadOf(groups, score),
  }
}

const tallyOf = (judged: readonly { passed: boolean }[]): Tally => ({
  cases: judged.length,
  passed: judged.filter(({ passed }) => passed).length,
})

function passes({ kind, right }: Case, scores: readonly number[]): boolean {
  const [first = 0.5, last = first] = scores
  const isPositive = first >= 0.5
  if (kind === 'MFT') return isPositive === (right === 1)
  if (kind === 'NEUTRAL') return Math.max(first, 1 - first) <= NEUTRAL_CEILING
  if (kind === 'INV') return isPositive === last >= 0.5 && Math.abs(first - last) <= STILL
  return (right === 1 ? last - first : first - last) > -ROUNDING
}

async function spreadOf({ names, templates }: Checks['groups'], score: Score): Promise<number> {
  const means: number[] = []
  for (const name of names) {
    const scores = await score(templates.map((template) => template.replace('{}', name)))
    means.push(scores.reduce((sum, one) => sum + one, 0) / scores.length)
  }
  return Math.max(...means) - Math.min(...means)
}
