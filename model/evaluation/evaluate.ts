import { readFile } from 'node:fs/promises'
import { ModelError } from '../model-error.ts'
import type { Session } from '../session.ts'
import { type Judgement, judge } from './metrics.ts'

interface Row {
  readonly text: string
  readonly label: number
}

const BATCH_TEXTS = 64

/** What a model makes of a file of `text<TAB>label` lines. Throws a `ModelError` if it has none. */
export async function evaluate(
  classify: Session,
  file: string,
  labels: readonly string[],
): Promise<Judgement[]> {
  const rows = (await readLines(file)).flatMap((line) => toRow(line, labels))
  if (rows.length === 0) throw new ModelError(`${file} has no lines of "text<TAB>label"`)
  const all = await scoresOf(
    classify,
    rows.map(({ text }) => text),
  )
  return rows.map(({ label }, i) => judge(all[i] ?? [], label))
}

/** The texts of a file, one a line: those that no label fits. Throws a `ModelError` if it has none. */
export async function readTexts(file: string): Promise<string[]> {
  const texts = (await readLines(file)).map((line) => line.trim()).filter((line) => line !== '')
  if (texts.length === 0) throw new ModelError(`${file} has no texts`)
  return texts
}

/** The softmax of each text. */
export async function scoresOf(classify: Session, texts: readonly string[]): Promise<number[][]> {
  const all: number[][] = []
  for (let i = 0; i < texts.length; i += BATCH_TEXTS) {
    const { scores } = await classify(texts.slice(i, i + BATCH_TEXTS))
    for (const row of scores) all.push([...row])
  }
  return all
}

async function readLines(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new ModelError(`${file} can't be read`, { cause })
  })
  return text.split('\n')
}

function toRow(line: string, labels: readonly string[]): Row[] {
  const [text = '', name = ''] = line.split('\t')
  const known = labels.indexOf(name.trim())
  const label = known >= 0 ? known : Number(name.trim() || Number.NaN)
  return labels[label] === undefined ? [] : [{ text: text.trim(), label }]
}
