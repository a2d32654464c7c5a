import { ModelError } from './model-error.ts'
import type { ModelInfo } from './model-info.ts'
import {
  classesOf,
  differenceBetween,
  loadParity,
  type ParityRow,
  PYTHON,
  saveParity,
  scoresOf,
  withScores,
} from './parity.ts'
import { saveSelfTest } from './self-test.ts'
import { openWarmSession } from './session.ts'

/** Texts that the service runs at each start. */
const SELF_TEST_TEXTS = 8
/** No two classes of CPUs differ by as much; two models do. */
const OTHER_MODEL = 0.05

interface AddClassOptions {
  readonly file: string
  readonly say: (line: string) => void
}

/**
 * Adds what a model answers on this machine to a parity file, under the machine's numerics class, and
 * writes the model's self-test from it. Throws a `ModelError` if the file is another model's.
 */
export async function addClass(model: ModelInfo, { file, say }: AddClassOptions): Promise<void> {
  const rows = await loadParity(file)
  // The stored self-test may be that of the weights before these.
  const { classify, numerics } = await openWarmSession({ ...model, selfTest: [] })
  const { scores } = await classify(rows.map(({ text }) => text))
  for (const name of [PYTHON, ...classesOf(rows)]) {
    const { largest, median, flips } = differenceBetween(scoresOf(rows, name) ?? [], scores)
    if (!(largest <= OTHER_MODEL)) {
      throw new ModelError(`${file} has another model's scores: write it anew with evaluate.py`)
    }
    say(`${name}: largest difference ${largest}, median ${median}, other labels ${flips}`)
  }
  const all = withScores(rows, numerics, scores)
  await saveParity(file, all)
  await saveSelfTest(model.folder, toSelfTest(all))
  say(`Added ${numerics} to ${file}, and wrote self-test.jsonl`)
}

/** With the scores of the class that was known first, whatever machine this is. */
function toSelfTest(rows: readonly ParityRow[]) {
  const [first = ''] = classesOf(rows)
  const scores = scoresOf(rows, first) ?? []
  return rows
    .slice(0, SELF_TEST_TEXTS)
    .map(({ text, ids }, i) => ({ text, ids, scores: [...(scores[i] ?? [])] }))
}
