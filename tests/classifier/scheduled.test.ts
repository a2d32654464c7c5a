import { describe, expect, it } from 'vitest'
import { scheduled } from '../../app/classifier/scheduled.ts'
import { AppError } from '../../app/errors.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { createTiming } from '../../app/telemetry/timing.ts'
import { answerTo, createCall, fakePool, LABELS, settled } from '../fakes.ts'

/** A text of few letters is estimated at three tokens. */
const SHORT = 3

function setup({ workers = 1, maxBatchTokens = 2 * SHORT, maxQueueTokens = 10 * SHORT } = {}) {
  const metrics = createMetrics(LABELS)
  const { pool, batches, finish } = fakePool(workers)
  const options = { maxTokens: 100, maxBatchTokens, maxQueueTokens, metrics }
  const classify = scheduled(pool, options)
  const ask = (...texts: string[]) => classify(texts, createCall())
  return { metrics, batches, finish, classify, ask }
}

describe('scheduled', () => {
  it('starts at once when a worker is idle', () => {
    const { batches, ask } = setup()
    void ask('a')
    expect(batches).toEqual([['a']])
  })

  it('gathers what arrives while the workers are busy', async () => {
    const { batches, finish, ask } = setup()
    void ask('a')
    void ask('b')
    void ask('c')
    await finish()
    expect(batches).toEqual([['a'], ['b', 'c']])
  })

  it('keeps every worker busy', () => {
    const { batches, ask } = setup({ workers: 2 })
    void ask('a')
    void ask('b')
    void ask('c')
    expect(batches).toEqual([['a'], ['b']])
  })

  it('answers in order, over many batches', async () => {
    const { finish, ask } = setup()
    const answers = ask('I love it', 'no', 'no love', 'nor')
    for (let i = 0; i < 4; i++) await finish()
    expect(await answers).toEqual(['I love it', 'no', 'no love', 'nor'].map(answerTo))
  })

  it('lets a single text past another caller’s many', async () => {
    const { batches, finish, ask } = setup()
    void ask('1', '2', '3', '4', '5', '6')
    void ask('x')
    await finish()
    expect(batches[1]).toContain('x')
  })

  it('fails only the batch that failed', async () => {
    const { finish, ask } = setup()
    const [first, second] = [ask('a'), ask('b')]
    const failure = first.catch((error: Error) => error.message)
    await finish(new Error('boom'))
    await finish()
    expect(await failure).toBe('boom')
    expect(await second).toEqual([answerTo('b')])
  })

  it('refuses more than may wait, as a whole, and says when to come back', async () => {
    const { batches, finish, ask } = setup({ maxQueueTokens: 3 * SHORT })
    void ask('a')
    void ask('b', 'c')
    const refused = ask('d', 'e').catch((error: AppError) => error)
    expect(await refused).toMatchObject({ code: 'overloaded', headers: { 'Retry-After': '1' } })
    await finish()
    await finish()
    expect(batches.flat()).toEqual(['a', 'b', 'c'])
  })

  it('refuses a request that is larger than the whole queue', async () => {
    const { ask } = setup({ maxQueueTokens: 3 * SHORT })
    await expect(ask('a', 'b', 'c', 'd')).rejects.toMatchObject({ code: 'payload_too_large' })
  })

  it('forgets the texts of a caller who left', async () => {
    const { batches, finish, ask, classify } = setup()
    const caller = new AbortController()
    void ask('a')
    const left = classify(['b', 'c'], createCall({ signal: caller.signal }))
    void ask('d')
    caller.abort(new AppError('deadline_exceeded', 'Too late.'))
    await expect(left).rejects.toMatchObject({ code: 'deadline_exceeded' })
    await finish()
    expect(batches).toEqual([['a'], ['d']])
  })

  it('gives the room of a caller who left to others', async () => {
    const { ask, classify } = setup({ maxQueueTokens: 2 * SHORT })
    const caller = new AbortController()
    void ask('a')
    const left = classify(['b', 'c'], createCall({ signal: caller.signal }))
    caller.abort(new AppError('deadline_exceeded', 'Too late.'))
    await expect(left).rejects.toThrow()
    void ask('d', 'e').catch(() => expect.unreachable())
    await settled()
  })

  it('shows the wait and the stages of the batch that ended the request', async () => {
    const { finish, classify } = setup()
    const timing = createTiming()
    const answer = classify(['a'], createCall({ timing }))
    await finish()
    await answer
    expect(timing.toHeader()).toMatch(/tokenize;dur=2.000, inference;dur=8.000/)
  })

  it.each([
    'polarity_queue_texts 2',
    'polarity_queue_tokens 6',
    'polarity_tokens_total 10',
    'polarity_padding_tokens_total 0',
    'polarity_batch_texts_sum 1',
    'polarity_batch_tokens_sum 10',
    'polarity_stage_duration_seconds_sum{stage="tokenize"} 0.002',
    'polarity_stage_duration_seconds_sum{stage="inference"} 0.008',
  ])('counts %s', async (sample) => {
    const { metrics, finish, ask } = setup()
    void ask('a')
    void ask('b', 'c', 'd', 'e')
    await finish()
    expect(await metrics.registry.metrics()).toContain(`${sample}\n`)
  })
})
