import { describe, expect, it } from 'vitest'
import { createCall, settled } from '../fakes.ts'
import { setup, WORD } from './scheduling.ts'

describe('a request that was admitted', () => {
  it('is not made late by shorter ones of its caller that come after it', async () => {
    const { classify, clock, finish, batches } = setup({
      maxQueueTokens: 1_000_000,
      maxBatchTokens: 10 * WORD,
    })
    let answeredAt = Number.POSITIVE_INFINITY
    const deadlineAt = 2000
    void classify(
      Array.from({ length: 100 }, (_, i) => `large ${i}`),
      createCall({ deadlineAt }),
    ).then(() => {
      answeredAt = clock.now()
    })
    for (let i = 0; clock.now() < deadlineAt; i++) {
      for (let n = 0; n < 12; n++) {
        const call = createCall({ deadlineAt: clock.now() + deadlineAt })
        void classify([`small ${i} ${n}`], call).catch(() => undefined)
      }
      await settled()
      clock.pass((batches.at(-1)?.length ?? 0) * WORD)
      await finish()
    }
    expect(answeredAt).toBeLessThan(deadlineAt)
  })

  it('is in time also when many callers come after it', async () => {
    const { classify, clock, finish, batches } = setup({
      maxQueueTokens: 1_000_000,
      maxBatchTokens: 10 * WORD,
    })
    let answeredAt = Number.POSITIVE_INFINITY
    const deadlineAt = 2000
    const texts = Array.from({ length: 100 }, (_, i) => `large ${i}`)
    void classify(texts, createCall({ caller: 'early', deadlineAt })).then(() => {
      answeredAt = clock.now()
    })
    for (let i = 0; clock.now() < deadlineAt; i++) {
      for (let n = 0; n < 20; n++) {
        const call = createCall({ caller: `late ${n}`, deadlineAt: clock.now() + deadlineAt })
        void classify([`small ${i} ${n}`], call).catch(() => undefined)
      }
      await settled()
      clock.pass((batches.at(-1)?.length ?? 0) * WORD)
      await finish()
    }
    expect(answeredAt).toBeLessThan(deadlineAt)
  })
})
