import { describe, expect, it } from 'vitest'
import { AppError } from '../../app/errors.ts'
import { createCall, settled } from '../fakes.ts'
import { rejection } from '../rejection.ts'
import { setup, WORD } from './scheduling.ts'

/** A hundred tokens, and by its size as many. */
const LONG = Array(98).fill('word').join(' ')

describe('admission', () => {
  it('sheds a request that does not fit into the queue, as a whole, with Retry-After', async () => {
    const { batches, finish, ask, begin } = setup({ maxQueueTokens: 3 * WORD })
    await begin(['a'], ['b', 'c'])
    const refused = ask('d', 'e').catch((error: AppError) => error)
    expect(await refused).toMatchObject({ code: 'overloaded', headers: { 'Retry-After': '1' } })
    await finish()
    await finish()
    expect(batches.flat()).toEqual(['a', 'b', 'c'])
  })

  it('gives a longer Retry-After for a deeper queue', async () => {
    const { ask, begin } = setup({ maxQueueTokens: 4000, maxBatchTokens: 100 })
    await begin(['a'], Array(1200).fill('b'))
    const refused = ask(...Array(1300).fill('c')).catch((error: AppError) => error)
    expect(await refused).toMatchObject({ headers: { 'Retry-After': '4' } })
  })

  it('never says to come back later than in a minute', async () => {
    const { ask, begin } = setup({ maxQueueTokens: 100_000 })
    await begin(['a'], Array(900).fill(LONG))
    const refused = await rejection(ask(...Array(900).fill(LONG)))
    expect(refused).toMatchObject({ code: 'overloaded', headers: { 'Retry-After': '60' } })
  })

  it('takes in what is in time only at the pace that it has seen', async () => {
    const size = 1000
    const { classify, begin, finish } = setup({ maxQueueTokens: 200_000, maxBatchTokens: size })
    // 90 s of work at the pace that it begins with.
    const texts = Array(900).fill(LONG)
    const ask = () => {
      const caller = new AbortController()
      const deadlineAt = 80_000
      const asked = classify(texts, createCall({ deadlineAt, signal: caller.signal }))
      const code = asked.catch((error: AppError) => error.code)
      return Promise.race([code, settled().then(() => 'admitted')]).finally(() => caller.abort())
    }
    expect(await ask()).toBe('deadline_exceeded')
    await begin(Array(1000).fill(LONG))
    for (let i = 0; i < 101; i++) await finish()
    expect(await ask()).toBe('admitted')
  })

  it('refuses a request that is larger than the whole queue', async () => {
    const { ask } = setup({ maxQueueTokens: 3 * WORD })
    expect(await rejection(ask('a', 'b', 'c', 'd'))).toMatchObject({ code: 'payload_too_large' })
  })

  it('rejects at once what would miss its deadline on an idle server', async () => {
    const { classify } = setup({ maxQueueTokens: 1000 })
    const late = classify(Array(100).fill('a'), createCall({ deadlineAt: 50 }))
    expect(await rejection(late)).toMatchObject({ code: 'deadline_exceeded' })
  })

  it('admits what meets its deadline only because the queue is empty', async () => {
    const { classify, batches } = setup({ maxQueueTokens: 3000, maxBatchTokens: 3000 })
    const deadlineAt = 3500
    void classify(Array(1000).fill('a'), createCall({ deadlineAt }))
    await settled()
    expect(batches.flat()).toHaveLength(1000)
  })

  it('sheds at once what would miss its deadline behind the queue, with Retry-After', async () => {
    const { classify } = setup({ maxQueueTokens: 10_000 })
    const deadlineAt = 2000
    void classify(Array(300).fill('b'), createCall({ deadlineAt }))
    await settled()
    const late = classify(Array(500).fill('c'), createCall({ deadlineAt }))
    expect(await rejection(late)).toMatchObject({ code: 'overloaded' })
  })

  it.each([
    { remainingMs: 1000, becomes: 'admitted' },
    { remainingMs: 700, becomes: 'overloaded' },
  ])('counts a fair share for another caller: $becomes', async (expected) => {
    const { classify, askAs } = setup({ maxQueueTokens: 10_000 })
    void askAs('flood', ...Array(500).fill('b'))
    await settled()
    const deadlineAt = expected.remainingMs
    const asked = classify(Array(100).fill('c'), createCall({ caller: 'calm', deadlineAt }))
    const refused = asked.catch((error: AppError) => error.code)
    expect(await Promise.race([refused, settled().then(() => 'admitted')])).toBe(expected.becomes)
  })

  it('admits a small request that overtakes large ones in time', async () => {
    const { classify, begin, batches, finish } = setup({ maxQueueTokens: 10_000 })
    await begin(['a'], Array(500).fill('b'))
    void classify(['c'], createCall({ deadlineAt: 1000 }))
    await settled()
    for (let i = 0; i < 2; i++) await finish()
    expect(batches.flat()).toContain('c')
  })
})

describe('an aborted call', () => {
  const leaveFrom = async ({ classify }: ReturnType<typeof setup>, ...texts: string[]) => {
    const caller = new AbortController()
    const left = classify(texts, createCall({ signal: caller.signal })).catch((error) => error)
    await settled()
    caller.abort(new AppError('deadline_exceeded', 'Too late.'))
    return left
  }

  it('removes its texts from the queue', async () => {
    const engine = setup()
    await engine.begin(['a'])
    expect(await leaveFrom(engine, 'b', 'c')).toMatchObject({ code: 'deadline_exceeded' })
    await engine.begin(['d'])
    await engine.finish()
    expect(engine.batches).toEqual([['a'], ['d']])
  })

  it('frees its room in the queue', async () => {
    const engine = setup({ maxQueueTokens: 2 * WORD })
    await engine.begin(['a'])
    await leaveFrom(engine, 'b', 'c')
    await engine.begin(['d', 'e'])
    await engine.finish()
    expect(engine.batches[1]).toEqual(['d', 'e'])
  })

  it('leaves nothing behind if it is aborted before tokenization', async () => {
    const { classify, batches } = setup()
    const caller = new AbortController()
    const left = classify(['b', 'c'], createCall({ signal: caller.signal })).catch((error) => error)
    caller.abort(new Error('gone'))
    await left
    await settled()
    expect(batches).toEqual([])
  })

  it('while one of its texts is tried again leaves none behind', async () => {
    const { classify, batches, metrics, finish } = setup()
    const caller = new AbortController()
    const left = classify(['b', 'c'], createCall({ signal: caller.signal })).catch((error) => error)
    await settled()
    await finish(new Error('boom'))
    caller.abort(new Error('gone'))
    await left
    await finish(new Error('boom again'))
    expect(batches).toEqual([['b', 'c'], ['b']])
    const series = await metrics.registry.metrics()
    expect(series).toContain('polarity_queue_texts 0\n')
    expect(series).toContain('polarity_queue_tokens 0\n')
  })
})
