import { describe, expect, it } from 'vitest'
import { Memory } from '../../app/cache/memory.ts'
import type { Prediction } from '../../app/classifier/classify.ts'
import { coalesced } from '../../app/classifier/coalesced.ts'
import { remembered } from '../../app/classifier/remembered.ts'
import { answerTo, createTestApp, post, settled } from '../fakes.ts'
import { rejection } from '../rejection.ts'
import { setup } from './shadowing.ts'

const body = (...text: string[]) => JSON.stringify({ text })

describe('a shadow model', () => {
  it('answers nobody', async () => {
    const { ask, asked } = setup()
    expect(await ask('I love it')).toEqual([answerTo('I love it')])
    await settled()
    asked[0]?.done.resolve([[0.9, 0.1]])
    expect(await ask('I love it')).toEqual([answerTo('I love it')])
  })

  it('is asked when the answer is there, not before', async () => {
    const { wrapped, textsAsked } = setup()
    const response = await post(createTestApp({ classify: wrapped }), body('a', 'b'))
    expect([response.status, textsAsked()]).toEqual([200, []])
    await settled()
    expect(textsAsked()).toEqual(['a', 'b'])
  })

  it('keeps no answer waiting, whatever it does', async () => {
    const { wrapped, asked } = setup()
    const app = createTestApp({ classify: wrapped })
    await post(app, body('a'))
    await settled()
    expect((await post(app, body('b'))).status).toBe(200)
    asked[0]?.done.reject(new Error('broken'))
    await settled()
    expect((await post(app, body('c'))).status).toBe(200)
  })

  it('is asked the texts that no cache has, each of them once', async () => {
    const { wrapped, textsAsked, metrics } = setup()
    const limits = { maxEntries: 100, maxBytes: 100_000, ttlSeconds: 60, sizeOf: () => 0 }
    const memory = new Memory<Prediction>(limits)
    const classify = remembered(coalesced(wrapped), { memory, toJson: JSON.stringify, metrics })
    const app = createTestApp({ classify })
    await Promise.all([post(app, body('a', 'a')), post(app, body('a'))])
    await post(app, body('a'))
    await settled()
    expect(textsAsked()).toEqual(['a'])
  })

  it('is asked the share of them that it was given', async () => {
    const draws = [0.1, 0.5, 0.49, 0.9]
    const { ask, textsAsked } = setup({ share: 0.5, random: () => draws.shift() ?? 1 })
    await ask('a', 'b', 'c', 'd')
    await settled()
    expect(textsAsked()).toEqual(['a', 'c'])
  })

  it('is not asked while the served model is busy, and catches up later', async () => {
    const { ask, state, textsAsked } = setup()
    state.idle = false
    await ask('a')
    await settled()
    expect(textsAsked()).toEqual([])
    state.idle = true
    await ask('b')
    await settled()
    expect(textsAsked()).toEqual(['a', 'b'])
  })

  it('catches up after a request that has failed', async () => {
    const busy = { failing: false }
    const { ask, state, textsAsked } = setup({
      classify: async (texts) => {
        if (busy.failing) throw new Error('late')
        return texts.map(answerTo)
      },
    })
    state.idle = false
    await ask('a')
    await settled()
    Object.assign(busy, { failing: true })
    state.idle = true
    expect(await rejection(ask('b'))).toMatchObject({ message: 'late' })
    await settled()
    expect(textsAsked()).toEqual(['a'])
  })

  it('is asked a few texts at a time, and stops between them when there is better to do', async () => {
    const { ask, asked, state } = setup()
    await ask(...Array.from({ length: 20 }, (_, i) => `text ${i}`))
    await settled()
    expect(asked.map(({ texts }) => texts.length)).toEqual([8])
    state.idle = false
    asked[0]?.done.resolve(asked[0].texts.map(() => [0.5, 0.5]))
    await settled()
    expect(asked).toHaveLength(1)
  })

  it('is asked a long text alone', async () => {
    const { ask, asked } = setup()
    await ask('short', 'long '.repeat(1000), 'brief')
    await settled()
    expect(asked.map(({ texts }) => texts)).toEqual([['short']])
  })
})

describe('the counts of a shadow model', () => {
  it('have how many agree, and on what', async () => {
    const { ask, asked, counts, results } = setup()
    await ask('I love it', 'I love that', 'I hate it')
    await settled()
    asked[0]?.done.resolve([
      [0.3, 0.7],
      [0.6, 0.4],
      [0.9, 0.1],
    ])
    await settled()
    expect(await counts('polarity_shadow_agreement_total')).toEqual({
      'NEGATIVE NEGATIVE': 1,
      'NEGATIVE POSITIVE': 0,
      'POSITIVE NEGATIVE': 1,
      'POSITIVE POSITIVE': 1,
    })
    expect(await results()).toEqual({ agreed: 2, differed: 1, dropped: 0, failed: 0 })
  })

  it('have how far the scores of the answered label are apart', async () => {
    const { ask, asked, metrics } = setup()
    await ask('I love it', 'I hate it')
    await settled()
    asked[0]?.done.resolve([
      [0.3, 0.7],
      [0.9, 0.1],
    ])
    await settled()
    const { values } = await metrics.shadowScoreDifference.get()
    const value = (suffix: string) =>
      values.find(({ metricName = '' }) => metricName.endsWith(suffix))?.value
    expect(value('_count')).toBe(2)
    expect(value('_sum')).toBeCloseTo(0.3)
  })

  it('have what failed', async () => {
    const { ask, asked, results } = setup()
    await ask('a', 'b')
    await settled()
    asked[0]?.done.reject(new Error('broken'))
    await settled()
    expect(await results()).toEqual({ agreed: 0, differed: 0, dropped: 0, failed: 2 })
  })

  it('have as failed what has no scores for each text', async () => {
    const { ask, asked, results } = setup()
    await ask('a', 'b')
    await settled()
    asked[0]?.done.resolve([[0.5, 0.5]])
    await settled()
    expect(await results()).toMatchObject({ failed: 2 })
  })

  it.each([
    { what: 'many texts', texts: Array.from({ length: 1500 }, (_, i) => `text ${i}`), kept: 1024 },
    {
      what: 'long texts',
      texts: Array.from({ length: 100 }, (_, i) => `${i} `.padEnd(20_000, 'long ')),
      kept: 52,
    },
  ])('have what was dropped because too much waited: $what', async ({ texts, kept }) => {
    const { ask, state, results } = setup()
    state.idle = false
    await ask(...texts)
    expect(await results()).toMatchObject({ dropped: texts.length - kept })
  })
})
