import { describe, expect, it } from 'vitest'
import { settled } from '../fakes.ts'
import { setup } from './scheduling.ts'

/** A text of several thousand characters, so that each is a chunk of its own. */
const long = (name: string) => `${name} ${'x'.repeat(6000)}`

const namesIn = (chunks: readonly string[][]) => chunks.flat().map((text) => text.split(' ')[0])

const large = () => setup({ maxQueueTokens: 1_000_000, maxBatchTokens: 100 })

describe('tokenization', () => {
  it('hands a short request to no other thread, if none can be slow', async () => {
    const { ask, chunks, batches } = setup({ tokenizesShort: true })
    void ask('a', 'b')
    await settled()
    expect([chunks, batches.flat()]).toEqual([[], ['a', 'b']])
  })

  it('hands a long one to another thread', async () => {
    const { ask, chunks } = setup({ tokenizesShort: true, maxQueueTokens: 1000 })
    void ask('a', long('b'))
    await settled()
    expect(namesIn(chunks)).toEqual(['a', 'b'])
  })

  it('gives a caller with many requests no more than one with a single one', async () => {
    const { askAs, chunks } = large()
    for (let i = 0; i < 20; i++) void askAs('flood', long('flood'))
    void askAs('calm', 'calm')
    await settled()
    expect(namesIn(chunks).indexOf('calm')).toBeLessThan(3)
  })

  it('gives callers the same number of characters, not of requests', async () => {
    const { askAs, chunks } = large()
    for (let i = 0; i < 100; i++) void askAs('long', long('long'))
    for (let i = 0; i < 100; i++) void askAs('short', 'short')
    await settled()
    const lastShort = namesIn(chunks).lastIndexOf('short')
    expect(
      namesIn(chunks.slice(0, lastShort)).filter((name) => name === 'long').length,
    ).toBeLessThan(4)
  })

  it('lets a short request of a caller pass between the chunks of its long ones', async () => {
    const { askAs, chunks } = large()
    void askAs('one', ...Array.from({ length: 20 }, () => long('long')))
    void askAs('one', 'short')
    await settled()
    expect(namesIn(chunks).indexOf('short')).toBeLessThan(3)
  })

  it('gives the tokenizer each text once', async () => {
    const { askAs, chunks } = large()
    const texts = Array.from({ length: 50 }, (_, i) => long(String(i)))
    void askAs('one', ...texts)
    void askAs('two', ...texts.map((text) => `two ${text}`))
    await settled()
    expect(chunks.flat()).toHaveLength(100)
    expect(new Set(chunks.flat()).size).toBe(100)
  })
})
