import { readFile } from 'node:fs/promises'
import { ModelError } from './model-error.ts'
import type { ModelInfo } from './model-info.ts'
import { openSession } from './session.ts'

interface Row {
  readonly text: string
  readonly label: number
}

interface Judgement {
  /** The score of the winning label. */
  readonly confidence: number
  readonly correct: boolean
}

export interface Evaluation {
  readonly rows: number
  readonly accuracy: number
  /** Over 15 bins of equal width (Guo et al. 2017, eq. 3). */
  readonly calibrationError: number
}

const BATCH_TEXTS = 64
const BINS = 15

/** Evaluates a model on a file of `text<TAB>label` lines. Throws a `ModelError` if it has none. */
export async function evaluate(model: ModelInfo, file: string): Promise<Evaluation> {
  const rows = await readRows(file, model.labels)
  const classify = await openSession(model)

  const outcomes: Judgement[] = []
  for (let i = 0; i < rows.length; i += BATCH_TEXTS) {
    const batch = rows.slice(i, i + BATCH_TEXTS)
    const { scores } = await classify(batch.map(({ text }) => text))
    for (const [j, { label }] of batch.entries()) outcomes.push(toOutcome(scores[j] ?? [], label))
  }
  const right = outcomes.filter(({ correct }) => correct).length
  return {
    rows: rows.length,
    accuracy: right / rows.length,
    calibrationError: calibrationError(outcomes),
  }
}

function toOutcome(scores: readonly number[], label: number): Judgement {
  const confidence = Math.max(...scores)
  return { confidence, correct: scores.indexOf(confidence) === label }
}

async function readRows(file: string, labels: readonly string[]): Promise<Row[]> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new ModelError(`${file} can't be read`, { cause })
  })
  const rows = text.split('\n').flatMap((line) => toRow(line, labels))
  if (rows.length === 0) throw new ModelError(`${file} has no lines of "text<TAB>label"`)
  return rows
}

function toRow(line: string, labels: readonly string[]): Row[] {
  const [text = '', name = ''] = line.split('\t')
  const known = labels.indexOf(name.trim())
  const label = known >= 0 ? known : Number(name.trim() || Number.NaN)
  return labels[label] === undefined ? [] : [{ text: text.trim(), label }]
}

/**
 * Expected calibration error: the gap between confidence and accuracy, weighted by rows per bin.
 */
function calibrationError(outcomes: readonly Judgement[]): number {
  const gaps = Array.from({ length: BINS }, () => 0)
  for (const { confidence, correct } of outcomes) {
    const bin = Math.min(BINS - 1, Math.floor(confidence * BINS))
    gaps[bin] = (gaps[bin] ?? 0) + (correct ? 1 : 0) - confidence
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / outcomes.length
}
