import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { findModel } from '../../model/catalog.ts'
import { loadModel, type Model } from '../../model/load.ts'
import { openSession } from '../../model/session.ts'
import { openTokenizer, type Tokenizer } from '../../model/tokenize.ts'

const Reference = z.object({
  text: z.string(),
  ids: z.array(z.number()),
  scores: z.array(z.number()),
})

/** Made by model/tools/evaluate.py --parity: Python's tokenizer and onnxruntime, each text alone. */
const file = join(import.meta.dirname, '../fixtures/parity.jsonl')
const references = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => Reference.parse(JSON.parse(line)))

const TOLERANCE = 1e-5

describe('the bundled model in JavaScript', () => {
  let model: Model
  let tokenizer: Tokenizer
  let classify: Awaited<ReturnType<typeof openSession>>
  beforeAll(async () => {
    model = await loadModel(await findModel('sst2-minilm'))
    tokenizer = await openTokenizer(model.folder, model.maxTokens)
    classify = await openSession(model)
  })

  it('reads 300 texts as the same tokens as Python does', () => {
    const differing = references.filter(
      ({ text, ids }) => tokenizer.encode(text).ids.join() !== ids.join(),
    )
    expect(references).toHaveLength(300)
    expect(differing.map(({ text }) => text)).toEqual([])
  })

  it('gives them the same scores, whatever they are batched with', async () => {
    const { scores } = await classify(references.map(({ text }) => text))
    const differences = references.flatMap(({ scores: expected }, i) =>
      expected.map((score, label) => Math.abs(score - (scores[i]?.[label] ?? Number.NaN))),
    )
    expect(Math.max(...differences)).toBeLessThanOrEqual(TOLERANCE)
  })
})
