import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { findModel } from '../../model/catalog.ts'
import { type ModelInfo, readModelInfo } from '../../model/model-info.ts'
import {
  classesOf,
  differenceBetween,
  loadParity,
  type ParityRow,
  PYTHON,
  type Scores,
  scoresOf,
} from '../../model/parity.ts'
import { openWarmSession } from '../../model/session.ts'
import { openTokenizer } from '../../model/tokenize.ts'

/** Texts and tokens by model/tools/evaluate.py --parity, scores of each kind of CPU by npm run model:parity. */
const file = join(import.meta.dirname, '../fixtures/parity.jsonl')

/** Of scores in one numerics class, whatever the batch, the runtime and the language. */
const SAME_CLASS = 1e-5
/** Of scores in two classes. */
const ACROSS = { largest: 0.03, median: 1e-3, flips: 0 }

describe('the bundled model in JavaScript', () => {
  let model: ModelInfo
  let rows: readonly ParityRow[]
  beforeAll(async () => {
    model = await readModelInfo(await findModel('sst2-minilm'))
    rows = await loadParity(file)
  })

  it('reads 300 texts as the same tokens as Python does', async () => {
    const tokenizer = await openTokenizer(model.folder, { ...model, longTexts: 'truncate' })
    const differing = rows.filter(
      ({ text, ids }) => tokenizer.encode(text).ids.join() !== ids.join(),
    )
    expect(rows).toHaveLength(300)
    expect(differing.map(({ text }) => text)).toEqual([])
  })

  it('gives them the scores of its numerics class, whatever they are batched with', async () => {
    const { classify, numerics } = await openWarmSession(model)
    const { scores } = await classify(rows.map(({ text }) => text))
    const stored = scoresOf(rows, numerics)
    if (stored) return expectSameClass(stored, { scores, numerics })
    expectAcross(scoresOf(rows, classesOf(rows)[0] ?? ''), { scores, numerics })
  })

  it('is stored with the scores of Python, which are those of one of the classes', () => {
    const python = scoresOf(rows, PYTHON) ?? []
    const differences = classesOf(rows).map(
      (name) => differenceBetween(python, scoresOf(rows, name) ?? []).largest,
    )
    expect(python).toHaveLength(300)
    expect(Math.min(...differences)).toBeLessThanOrEqual(SAME_CLASS)
  })
})

interface Found {
  readonly scores: Scores
  readonly numerics: string
}

const say = (line: string) => process.stderr.write(`Parity: ${line}\n`)

function expectSameClass(stored: Scores, { scores, numerics }: Found): void {
  say(`this machine is of class ${numerics}, whose scores are known: held to ${SAME_CLASS}`)
  expect(differenceBetween(stored, scores).largest).toBeLessThanOrEqual(SAME_CLASS)
}

function expectAcross(stored: Scores = [], { scores, numerics }: Found): void {
  say(`this machine is of the unknown class ${numerics}: held to what is promised across classes`)
  const { largest, median, flips } = differenceBetween(stored, scores)
  expect(stored).toHaveLength(300)
  expect(flips).toBe(ACROSS.flips)
  expect(median).toBeLessThanOrEqual(ACROSS.median)
  expect(largest).toBeLessThanOrEqual(ACROSS.largest)
}
