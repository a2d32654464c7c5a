import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { cached } from '../../app/classifier/cached.ts'
import type { CachedPrediction } from '../../app/classifier/cached-value.ts'
import type { LongTexts } from '../../model/tokenizer/tokenized-text.ts'
import { answerTo, createCall, fakeCache, fakeClassify, settled } from '../fakes.ts'
import { rejection } from '../rejection.ts'
import { promisesOfCaches } from './caching.ts'
import { sources } from './sharing.ts'

const DIGEST = '0123456789abcdef-and-more'

function setup({
  fake = fakeCache<CachedPrediction>('memory'),
  digest = DIGEST,
  numerics = '89abcdef',
  longTexts = 'truncate' as LongTexts,
} = {}) {
  const model = fakeClassify()
  const options = { cache: fake.cache, prefix: 'test', modelDigest: digest, numerics, longTexts }
  const classify = cached(model.classify, options)
  return { fake, options, model, ask: (...texts: string[]) => classify(texts, createCall()) }
}

const keyOf = (text: string) =>
  `test:v1:0123456789abcdef89abcdef:${createHash('sha256').update(text).digest('base64url')}`

describe('cached', () => {
  promisesOfCaches(setup)

  it('caches that a text was truncated', async () => {
    const { ask } = setup()
    const long = 'long '.repeat(25)
    await ask(long)
    expect(await ask(long)).toMatchObject([{ truncated: true, source: 'memory' }])
  })

  it('keeps two models apart', async () => {
    const { fake, ask } = setup()
    await ask('a')
    expect(sources(await setup({ fake, digest: 'another-model-digest' }).ask('a'))).toEqual([
      'model',
    ])
  })

  it('keeps two kinds of CPU apart', async () => {
    const { fake, ask } = setup()
    await ask('a')
    expect(sources(await setup({ fake, numerics: '76543210' }).ask('a'))).toEqual(['model'])
  })

  it('keeps two ways to read long texts apart', async () => {
    const { fake, ask } = setup()
    await ask('a')
    expect(sources(await setup({ fake, longTexts: 'window' }).ask('a'))).toEqual(['model'])
  })

  it('keeps answers under prefix, version, model, class and the hash of the text', async () => {
    const { fake, ask } = setup()
    await ask('a')
    expect(fake.known).toEqual(new Map([[keyOf('a'), { scores: [0.8, 0.2], truncated: false }]]))
  })

  it('does not write coalesced predictions', async () => {
    const { fake, options } = setup()
    const classify = cached(async () => [{ ...answerTo('a'), source: 'coalesced' }], options)
    await classify(['a'], createCall())
    expect(fake.known.size).toBe(0)
  })

  it('answers when its cache fails', async () => {
    const { fake, ask } = setup()
    fake.fail(new Error('down'))
    expect(sources(await ask('a'))).toEqual(['model'])
    await settled() // The write that fails behind the answer is nobody's unhandled rejection.
  })

  it('makes no lookup for an empty list', async () => {
    const { fake, ask } = setup()
    expect(await ask()).toEqual([])
    expect(fake.lookups).toBe(0)
  })

  it('writes nothing when the request fails', async () => {
    const { fake, options } = setup()
    const failing = cached(() => Promise.reject(new Error('boom')), options)
    expect(String(await rejection(failing(['a'], createCall())))).toContain('boom')
    expect(fake.known.size).toBe(0)
  })
})
