import { describe, expect, it } from 'vitest'
import { createTiming } from '../../app/telemetry/timing.ts'
import { createCall, settled } from '../fakes.ts'
import { setup } from './scheduling.ts'

describe('what is measured', () => {
  it('of a request are the times of its own stages', async () => {
    const { finish, classify } = setup()
    const timing = createTiming()
    const answer = classify(['a'], createCall({ timing }))
    await settled()
    await finish()
    await answer
    expect(timing.toHeader()).toMatch(/tokenize;dur=2, inference;dur=8/)
  })

  it('of queueing is the time in which nothing was done for the request', async () => {
    const { clock, finish, classify, begin } = setup()
    await begin(['first'])
    const spent: Record<string, number> = {}
    const add = (stage: string, ms: number) => {
      spent[stage] = ms
    }
    const answer = classify(['a'], createCall({ timing: { ...createTiming(), add } }))
    await settled()
    clock.pass(30)
    await finish()
    await finish()
    await answer
    expect(spent).toEqual({ queue: 30 - 2 - 8, tokenize: 2, inference: 8 })
  })

  it.each([
    'polarity_queue_texts 2',
    'polarity_queue_tokens 6',
    'polarity_tokens_total 3',
    'polarity_padding_tokens_total 0',
    'polarity_batch_texts_sum 1',
    'polarity_batch_tokens_sum 3',
    'polarity_stage_duration_seconds_sum{stage="tokenize"} 0.004',
    'polarity_stage_duration_seconds_sum{stage="inference"} 0.008',
  ])('of batches and queue is %s', async (sample) => {
    const { metrics, finish, begin } = setup()
    await begin(['a'], ['b', 'c', 'd', 'e'])
    await finish()
    expect(await metrics.registry.metrics()).toContain(`${sample}\n`)
  })

  it('of padding is the difference of each row to the longest', async () => {
    const { metrics, finish, begin } = setup({ maxBatchTokens: 100, maxQueueTokens: 100 })
    await begin(['a'], ['b b b', 'c c'])
    for (let i = 0; i < 2; i++) await finish()
    expect(await metrics.registry.metrics()).toContain('polarity_padding_tokens_total 1\n')
  })

  it('of the queue includes retried texts', async () => {
    const { metrics, finish, begin } = setup()
    await begin(['first'], ['a', 'b'])
    await finish()
    await finish(new Error('boom'))
    expect(await metrics.registry.metrics()).toContain('polarity_queue_texts 1\n')
  })

  it('of the queue is nothing once all is answered', async () => {
    const { metrics, finish, begin } = setup()
    await begin(['a', 'b', 'c'], ['long words that take more'])
    for (let i = 0; i < 4; i++) await finish()
    const series = await metrics.registry.metrics()
    expect(series).toContain('polarity_queue_texts 0\n')
    expect(series).toContain('polarity_queue_tokens 0\n')
  })
})
