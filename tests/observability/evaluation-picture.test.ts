import { describe, expect, it } from 'vitest'
import { judge } from '../../model/evaluation/metrics.ts'
import { drawEvaluation } from '../../observability/evaluation-picture.ts'

describe('the picture of an evaluation', () => {
  it('names each set, each label, and texts without an opinion', () => {
    const judgements = [judge([0.2, 0.8], 1), judge([0.7, 0.3], 0), judge([0.4, 0.6], 0)]
    const svg = drawEvaluation(['NEGATIVE', 'POSITIVE'], {
      sets: new Map([['dev.tsv', judgements]]),
      neutral: [[0.5, 0.5]],
      checks: undefined,
    })
    for (const name of ['dev.tsv', 'NEGATIVE', 'POSITIVE', 'no opinion', 'perfectly calibrated']) {
      expect(svg).toContain(`>${name}</text>`)
    }
    expect(svg).not.toContain('NaN')
  })
})
