import { describe, expect, it } from 'vitest'
import { readSentences } from '../../harness/sentences.ts'
import { findModel } from '../../model/catalog.ts'
import { readModelInfo } from '../../model/model-info.ts'
import { openSession } from '../../model/session.ts'

describe('the bundled model', () => {
  it('tells what is positive from what is negative, in 95 % of sentences that leave no doubt', async () => {
    const model = await readModelInfo(await findModel('sst2-minilm'))
    const classify = await openSession(model)
    const clear = readSentences().filter(({ label }) => label !== undefined)
    const { scores } = await classify(clear.map(({ text }) => text))
    const mistaken = clear.filter(({ label }, i) => {
      const row = scores[i] ?? []
      return model.labels[row.indexOf(Math.max(...row))]?.toLowerCase() !== label
    })
    expect(clear.length).toBeGreaterThan(100)
    expect(mistaken.length, mistaken.map(({ text }) => text).join('\n')).toBeLessThanOrEqual(
      0.05 * clear.length,
    )
  })
})
