import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openLogits } from '../../model/inference.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/row-steps')

// As in its make.py.
const WEIGHTS = [
  [3, -1],
  [-2, 4],
  [1, 1],
  [0, -3],
  [5, 2],
  [-4, 0],
  [2, -2],
  [1, 3],
] as const
const COLUMN_STEPS = [0.5, 0.25] as const
const ZERO = 128

const TEXTS = [
  [1, 2, 3, 4, 5, 6, 7, 8],
  [255, 0, 128, 64, 32, 200, 17, 90],
  [9, 9, 9, 9, 9, 9, 9, 10],
]

/** Sum of products, times the step of the row, times that of the column. */
const logitsOf = (ids: readonly number[]) =>
  COLUMN_STEPS.map((columnStep, column) => {
    const sum = ids.reduce((all, id, i) => all + (id - ZERO) * (WEIGHTS[i]?.[column] ?? 0), 0)
    return sum * (Math.max(...ids) / 2) * columnStep
  })

// The bundled model relies on it, and onnxruntime's documentation does not have it: a bias given to
// the same operator would be multiplied by the row's step as well, so no graph may give one.
it('onnxruntime gives each row of an integer product its own step', async () => {
  const logits = await openLogits({ folder: FOLDER, padId: 0, maxTokens: 512 })
  const answers = await logits({
    ids: Int32Array.from(TEXTS.flat()),
    lengths: TEXTS.map((ids) => ids.length),
  })
  for (const [row, ids] of TEXTS.entries()) {
    for (const [column, logit] of logitsOf(ids).entries()) {
      expect(answers[row]?.[column]).toBeCloseTo(logit, 2)
    }
  }
})
