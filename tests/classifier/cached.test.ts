import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Cache } from '../../app/cache/cache.ts'
import { createMemory } from '../../app/cache/memory.ts'
import { cached } from '../../app/classifier/cached.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { answerTo, createCall, fakeClassify, LABELS, settled, silent } from '../fakes.ts'

const DIGEST = '0123456789abcdef-and-more'

function setup({ cache = createMemory({ maxEntries: 10, ttlSeconds: 60 }), digest = DIGEST } = {}) {
  const model = fakeClassify()
  const classify = cached(model.classify, {
    cache,
    prefix: 'test',
    modelDigest: digest,
    labels: LABELS.length,
    metrics: createMetrics(LABELS),
    log: silent,
  })
  return { cache, model, ask: (...texts: string[]) => classify(texts, createCall()) }
}

const sources = (answers: readonly { source: string }[]) => answers.map(({ source }) => source)

const keyOf = (text: string) =>
  `test:v1:0123456789abcdef:${createHash('sha256').update(text).digest('base64url')}`

describe('cached', () => {
  it('asks the model once for each distinct text', async () => {
    const { model, ask } = setup()
    await ask('a', 'b', 'a')
    await ask('b', 'c')
    expect(model.lists).toEqual([['a', 'b'], ['c']])
  })

  it('answers in the order of the texts', async () => {
    const { ask } = setup()
    await ask('I love it')
    const answers = await ask('no', 'I love it', 'no', 'nor')
    expect(answers.map(({ scores }) => scores)).toEqual(
      ['no', 'I love it', 'no', 'nor'].map((text) => answerTo(text).scores),
    )
  })

  it('says where each answer came from', async () => {
    const { ask } = setup()
    expect(sources(await ask('a', 'b', 'a'))).toEqual(['model', 'model', 'coalesced'])
    expect(sources(await ask('a', 'a', 'c'))).toEqual(['memory', 'memory', 'model'])
  })

  it('remembers that a text was cut', async () => {
    const { ask } = setup()
    const long = 'long '.repeat(25)
    await ask(long)
    expect(await ask(long)).toMatchObject([{ truncated: true, source: 'memory' }])
  })

  it('keeps two models apart', async () => {
    const { cache, ask } = setup()
    await ask('a')
    expect(sources(await setup({ cache, digest: 'another-model-digest' }).ask('a'))).toEqual([
      'model',
    ])
  })

  it('keeps the scores under prefix, version, model and the hash of the text', async () => {
    const { cache, ask } = setup()
    await ask('a')
    expect(await cache.getMany([keyOf('a')])).toEqual([{ value: '[0.8,0.2]', tier: 'memory' }])
  })

  it('takes a value that makes no sense as a miss, and writes it anew', async () => {
    const { cache, ask } = setup()
    await cache.setMany(new Map([[keyOf('a'), '[1,2,3]']]))
    expect(sources(await ask('a'))).toEqual(['model'])
    expect(sources(await ask('a'))).toEqual(['memory'])
  })

  it('answers without its cache', async () => {
    const down = () => Promise.reject(new Error('down'))
    const cache: Cache = { tiers: ['redis'], getMany: down, setMany: down, close: down }
    expect(sources(await setup({ cache }).ask('a'))).toEqual(['model'])
    await settled() // The write that fails behind the answer is nobody's unhandled rejection.
  })

  it('remembers nothing of a request that failed', async () => {
    const { cache } = setup()
    const failing = cached(() => Promise.reject(new Error('boom')), {
      cache,
      prefix: 'test',
      modelDigest: DIGEST,
      labels: 2,
      metrics: createMetrics(LABELS),
      log: silent,
    })
    await expect(failing(['a'], createCall())).rejects.toThrow('boom')
    expect(await cache.getMany([keyOf('a')])).toEqual([undefined])
  })
})
