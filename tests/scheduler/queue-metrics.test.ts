import { describe, expect, it } from 'vitest'
import { AppError } from '../../app/errors.ts'
import { createCall, settled } from '../fakes.ts'
import { rejection } from '../rejection.ts'
import { setup, WORD } from './scheduling.ts'

/** A hundred tokens, and by its size as many. */
const LONG = Array(98).fill('word').join(' ')

describe('the queue in seconds', () => {
  it('is what all that is admitted takes at the measured pace, and nothing once it is answered', async () => {
    // A token a millisecond.
    const { metrics, begin, finish } = setup({ maxQueueTokens: 100_000, maxBatchTokens: 2000 })
    const seconds = async () => (await metrics.queueSeconds.get()).values[0]?.value
    expect(await seconds()).toBe(0)
    await begin(Array(20).fill(LONG))
    expect(await seconds()).toBeCloseTo(2, 1)
    for (let i = 0; i < 2; i++) await finish()
    expect(await seconds()).toBe(0)
  })

  it('has its bound beside it', async () => {
    const { metrics } = setup({ maxQueueSeconds: 7 })
    expect((await metrics.queueMaxSeconds.get()).values[0]?.value).toBe(7)
  })
})

describe('a request that is shed says why', () => {
  const shed = async (asked: Promise<unknown>) => {
    const error = await rejection(asked)
    return error instanceof AppError ? error.shed : undefined
  }

  it('the queue is full', async () => {
    const { ask, begin } = setup({ maxQueueTokens: 3 * WORD })
    await begin(['a'], ['b', 'c'])
    expect(await shed(ask('d', 'e'))).toBe('queue_full')
  })

  it('its turn would come too late', async () => {
    const { ask, begin } = setup({ maxQueueTokens: 100_000, maxQueueSeconds: 1 })
    await begin(Array(30).fill(LONG))
    expect(await shed(ask(...Array(30).fill(LONG)))).toBe('queue_wait')
  })

  it('its answer would come too late', async () => {
    const { classify } = setup({ maxQueueTokens: 100_000 })
    const deadlineAt = 2000
    void classify(Array(300).fill('b'), createCall({ deadlineAt }))
    await settled()
    expect(await shed(classify(Array(500).fill('c'), createCall({ deadlineAt })))).toBe('deadline')
  })
})
