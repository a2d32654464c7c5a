import { toOutcome } from '../../../cli/bulk/outcome.ts'
import type { Predictor } from '../../../cli/bulk/predictor.ts'
import { answerTo, LABELS } from '../../fakes.ts'

/** The fake classifier of the service's tests, as a command sees a model. */
export const fakePredictor = (): Predictor => ({
  model: {
    id: 'fake',
    source: 'the tests',
    version: '1',
    license: 'Apache-2.0',
    unsure: [0.25, 0.75],
  },
  digest: 'a'.repeat(64),
  labels: LABELS,
  longTexts: 'truncate',
  calls: 8,
  async predict(texts) {
    return texts.map((text) => toOutcome(LABELS, answerTo(text)))
  },
  async explain() {
    return []
  },
  trouble: () => undefined,
  async close() {},
})
