import { describe, expect, it } from 'vitest'
import { answerTo, settled } from '../fakes.ts'
import { setup, WORD } from './scheduling.ts'

const words = (n: number, of = 'word') => Array(n).fill(of).join(' ')

describe('scheduled', () => {
  it('starts at once when a worker is idle', async () => {
    const { batches, begin } = setup()
    await begin(['a'])
    expect(batches).toEqual([['a']])
  })

  it('batches what arrives while the workers are busy', async () => {
    const { batches, finish, begin } = setup()
    await begin(['a'], ['b'], ['c'])
    await finish()
    expect(batches).toEqual([['a'], ['b', 'c']])
  })

  it('keeps every worker busy', async () => {
    const { batches, begin } = setup({ workers: 2 })
    await begin(['a'], ['b'], ['c'])
    expect(batches).toEqual([['a'], ['b']])
  })

  it('shares a request out among idle workers', async () => {
    const texts = Array.from({ length: 24 }, (_, i) => `a${i}`)
    const { batches, begin } = setup({ workers: 2, maxBatchTokens: 1000, maxQueueTokens: 1000 })
    await begin(texts)
    expect(batches.map((batch) => batch.length)).toEqual([12, 12])
  })

  it('answers in order, over many batches', async () => {
    const { finish, ask } = setup()
    const texts = ['I love it', 'no', 'no love', 'nor', 'love', 'never that']
    const answers = ask(...texts)
    await settled()
    for (let i = 0; i < texts.length; i++) await finish()
    expect(await answers).toEqual(texts.map(answerTo))
  })

  it('says whether a text waits for a worker', async () => {
    const { hasWaiting, finish, begin } = setup()
    await begin(['a'])
    expect(hasWaiting()).toBe(false)
    await begin(['b'])
    expect(hasWaiting()).toBe(true)
    await finish()
    expect(hasWaiting()).toBe(false)
  })

  it('answers an empty list with an empty list', async () => {
    expect(await setup().ask()).toEqual([])
  })
})

describe('a batch', () => {
  it('holds texts of one length, from whoever sent them', async () => {
    const { batches, finish, begin } = setup({ maxBatchTokens: 100, maxQueueTokens: 1000 })
    await begin(['a'], ['b', words(20), 'c'], [words(20), 'd', 'e'])
    for (let i = 0; i < 2; i++) await finish()
    expect(batches.slice(1)).toEqual([
      ['b', 'c', 'd', 'e'],
      [words(20), words(20)],
    ])
  })

  it('holds no more tokens than it may', async () => {
    const { batches, finish, begin } = setup({ maxBatchTokens: 2 * WORD })
    await begin(['a'], ['b', 'c', 'd'])
    await finish()
    expect(batches[1]).toEqual(['b', 'c'])
  })

  it('is full-size under backlog', async () => {
    const sizes = { maxBatchTokens: 2 * WORD, fullBatchTokens: 4 * WORD, maxQueueTokens: 1000 }
    const { batches, finish, begin } = setup(sizes)
    const texts = Array.from({ length: 16 }, (_, i) => `a${i}`)
    await begin(['a'], texts)
    for (let i = 0; i < 4; i++) await finish()
    expect(batches.map((batch) => batch.length)).toEqual([1, 4, 4, 2, 2])
  })

  it.each([
    [20, 2],
    [40, 8],
  ])('is one of as many as run while the event loop reads nothing for %i ms', async (ms, many) => {
    const { batches, begin } = setup({
      maxBatchTokens: WORD,
      replyDelayMs: ms,
      maxQueueTokens: 100,
    })
    await begin(['a'], ['b'], ['c'], ['d'], ['e'], ['f'], ['g'], ['h'], ['i'])
    expect(batches).toHaveLength(many)
  })

  it('is not prefetched behind texts of several batches', async () => {
    const { batches, begin } = setup({ maxBatchTokens: WORD, maxQueueTokens: 1000 })
    await begin(['a'], [words(20), words(20), words(20)])
    expect(batches).toEqual([['a'], [words(20)]])
  })

  it('holds an oversized text alone', async () => {
    const { batches, finish, begin } = setup({ maxBatchTokens: 5, maxQueueTokens: 100 })
    await begin(['a'], [words(9), words(9)])
    await finish()
    expect(batches[1]).toEqual([words(9)])
  })

  it.each([1, 7])('is led by the single text that comes after %i requests of many', async (n) => {
    const { batches, finish, begin } = setup({ maxQueueTokens: 1000 })
    await begin(['a'], ...Array(n).fill(['1 1', '2 2', '3 3', '4 4', '5 5']), ['single'])
    for (let i = 0; i <= n; i++) await finish()
    expect(batches.slice(1).flat()).toContain('single')
  })

  it('is led by the first of requests of one size', async () => {
    const { batches, finish, begin } = setup({ maxQueueTokens: 1000 })
    const requests = ['a', 'b', 'c'].map((name) => [1, 2, 3, 4].map((n) => `${name} ${n}`))
    await begin(['first'], ...requests)
    for (let i = 0; i <= 12; i++) await finish()
    expect(batches.slice(1).flat()).toEqual(requests.flat())
  })

  it('is led by the first of requests of a batch at most, whatever their sizes', async () => {
    const { batches, finish, begin } = setup({ maxBatchTokens: 100, maxQueueTokens: 1000 })
    const long = [words(20), `${words(20)} too`]
    await begin(['first'], long, ['b'], [words(40)], ['c d e'])
    for (let i = 0; i <= 4; i++) await finish()
    expect(batches.slice(1)).toEqual([long, ['b', 'c d e'], [words(40)]])
  })

  it('gives a caller with many requests no more than one with few', async () => {
    const { batches, finish, askAs } = setup({ maxQueueTokens: 1000 })
    const texts = Array.from({ length: 10 }, (_, i) => `flood ${i}`)
    void askAs('first', 'a')
    for (const text of texts) void askAs('flood', text)
    void askAs('calm', 'x')
    void askAs('calm', 'y')
    await settled()
    for (let i = 0; i < 4; i++) await finish()
    expect(batches.slice(0, 5).flat()).toEqual(expect.arrayContaining(['x', 'y']))
  })

  it('gives a caller that comes late its share from then on, and no more', async () => {
    const { batches, finish, askAs } = setup({
      maxBatchTokens: WORD,
      fullBatchTokens: 1000,
      maxQueueTokens: 1000,
    })
    const send = (caller: string) => {
      for (let i = 0; i < 10; i++) void askAs(caller, `${caller} ${i}`)
      return settled()
    }
    await send('early')
    for (let i = 0; i < 5; i++) await finish()
    await send('late')
    for (let i = 0; i < 4; i++) await finish()
    const since = batches.slice(6).flat()
    expect(since.map((text) => text.split(' ')[0]).sort()).toEqual([
      'early',
      'early',
      'late',
      'late',
    ])
  })

  it('that fails is retried once, each text alone', async () => {
    const { batches, finish, ask, begin } = setup()
    await begin(['first'])
    const answers = [ask('a'), ask('b')]
    await settled()
    await finish()
    await finish(new Error('boom'))
    await finish()
    await finish()
    expect(batches.slice(1)).toEqual([['a', 'b'], ['a'], ['b']])
    expect(await Promise.all(answers)).toEqual([[answerTo('a')], [answerTo('b')]])
  })

  it('that fails twice fails its own request and no other', async () => {
    const { finish, ask, begin } = setup()
    await begin(['first'])
    const failed = ask('a').catch((error: Error) => error.message)
    const answered = ask('b')
    await settled()
    await finish()
    await finish(new Error('boom'))
    await finish(new Error('boom again'))
    await finish()
    expect(await failed).toBe('boom again')
    expect(await answered).toEqual([answerTo('b')])
  })
})
