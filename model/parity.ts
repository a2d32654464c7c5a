import { readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { ModelError } from './model-error.ts'

/** One text of a parity file: its tokens as Python reads it, and its scores by numerics class. */
const Row = z.object({
  text: z.string(),
  ids: z.array(z.number()),
  /** Classes with the same scores share a key, with spaces between them. */
  scores: z.record(z.string(), z.array(z.number())),
})

export type ParityRow = z.infer<typeof Row>
export type Scores = readonly (readonly number[])[]

/** The name under which Python's own scores stand. */
export const PYTHON = 'python'

/** Closer than this, two classes' scores of a text are written once. */
const SAME = 1e-6
const DECIMALS = 8

/** Reads a parity file. Throws a `ModelError` if it is not one. */
export async function loadParity(file: string): Promise<ParityRow[]> {
  try {
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    return lines.map((line) => Row.parse(JSON.parse(line)))
  } catch (cause) {
    throw new ModelError(`${file} is not what evaluate.py --parity writes`, { cause })
  }
}

export const saveParity = (file: string, rows: readonly ParityRow[]): Promise<void> =>
  writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))

/** The numerics classes whose scores are known, oldest first. */
export function classesOf(rows: readonly ParityRow[]): string[] {
  const names = rows.flatMap(({ scores }) => Object.keys(scores)).flatMap((key) => key.split(' '))
  return [...new Set(names)].filter((name) => name !== PYTHON)
}

/** The scores of one class, in the order of the rows; `undefined` if it is not known. */
export function scoresOf(rows: readonly ParityRow[], name: string): Scores | undefined {
  const found = rows.map(({ scores }) =>
    Object.entries(scores).find(([key]) => key.split(' ').includes(name)),
  )
  const known = found.flatMap((entry) => (entry ? [entry[1]] : []))
  return known.length === rows.length ? known : undefined
}

/** The rows with the scores of one class added, or replaced. */
export function withScores(
  rows: readonly ParityRow[],
  name: string,
  scores: Scores,
): readonly ParityRow[] {
  return rows.map((row, i) => ({ ...row, scores: withClass(row.scores, name, scores[i] ?? []) }))
}

function withClass(
  known: ParityRow['scores'],
  name: string,
  exact: readonly number[],
): ParityRow['scores'] {
  const scores = exact.map((score) => Number(score.toFixed(DECIMALS)))
  const stored = Object.entries(known).find(([key]) => key.split(' ').includes(name))
  if (stored && largestDifference([stored[1]], [scores]) <= SAME) return known
  const others = Object.entries(known).flatMap(([key, values]) => {
    const names = key.split(' ').filter((other) => other !== name)
    return names.length > 0 ? [{ names, values }] : []
  })
  const equal = others.find(({ values }) => largestDifference([values], [scores]) <= SAME)
  if (equal) equal.names.push(name)
  else others.push({ names: [name], values: scores })
  return Object.fromEntries(others.map(({ names, values }) => [names.join(' '), values]))
}

/** What two classes' scores of the same texts come to. */
export interface Difference {
  /** Of the scores of one text: the largest of all texts, and the median. */
  readonly largest: number
  readonly median: number
  /** Texts that another label wins, although the first was above 0.55. */
  readonly flips: number
}

/** From here on a label may not depend on the class of CPU. */
const CLEAR = 0.55

export function differenceBetween(one: Scores, other: Scores): Difference {
  const differences = one.map((row, i) => ofRows(row, other[i]))
  const sorted = differences.toSorted((a, b) => a - b)
  const flips = one.filter((row, i) => {
    const score = Math.max(...row)
    const second = other[i] ?? []
    return score > CLEAR && second[row.indexOf(score)] !== Math.max(...second)
  })
  return {
    largest: Math.max(0, ...differences),
    median: sorted[Math.floor(sorted.length / 2)] ?? 0,
    flips: flips.length,
  }
}

const largestDifference = (one: Scores, other: Scores) => differenceBetween(one, other).largest

const ofRows = (one: readonly number[], other: readonly number[] = []) =>
  Math.max(...one.map((score, label) => Math.abs(score - (other[label] ?? Number.NaN))))
