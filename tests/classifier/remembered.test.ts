import { describe, expect, it } from 'vitest'
import { Memory } from '../../app/cache/memory.ts'
import type { Classify, Prediction } from '../../app/classifier/classify.ts'
import { remembered } from '../../app/classifier/remembered.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { answerTo, createCall, fakeClassify, LABELS } from '../fakes.ts'
import { rejection } from '../rejection.ts'
import { promisesOfCaches } from './caching.ts'

const limits = { maxEntries: 100, maxBytes: 100_000, ttlSeconds: 60, sizeOf: () => 0 }
const toJson = (scores: readonly number[]) => JSON.stringify(scores)

function setup(model = fakeClassify(), classify: Classify = model.classify) {
  const metrics = createMetrics(LABELS)
  const memory = new Memory<Prediction>(limits)
  const find = remembered(classify, { memory, toJson, metrics })
  const ask = async (...texts: string[]) => await find(texts, createCall())
  return { model, metrics, memory, find, ask }
}

describe('a memory of predictions', () => {
  promisesOfCaches(setup)

  it('answers at once if it knows all texts', async () => {
    const { find, ask } = setup()
    await ask('a', 'b')
    expect(find(['b', 'a'], createCall())).toMatchObject([answerTo('b'), answerTo('a')].map(known))
  })

  it('keeps that a text was truncated, and the JSON of its scores', async () => {
    const { ask } = setup()
    const long = 'long '.repeat(25)
    await ask(long)
    expect(await ask(long)).toMatchObject([{ truncated: true, json: '[0.8,0.2]' }])
  })

  it('keeps nothing that another request has sent', async () => {
    const { memory, ask } = setup(fakeClassify(), async () => [
      { ...answerTo('a'), source: 'coalesced' },
    ])
    await ask('a')
    expect(memory.takeState().entries).toBe(0)
  })

  it('keeps nothing when the request fails', async () => {
    const { memory, ask } = setup(fakeClassify(), () => Promise.reject(new Error('boom')))
    expect(String(await rejection(ask('a')))).toContain('boom')
    expect(memory.takeState().entries).toBe(0)
  })

  it('makes no lookup for an empty list', async () => {
    const { find, metrics } = setup()
    expect(find([], createCall())).toEqual([])
    expect(await metrics.registry.metrics()).toContain(
      'polarity_cache_duration_seconds_count{tier="memory",operation="get"} 0\n',
    )
  })

  it.each([
    'polarity_cache_lookups_total{tier="memory",result="hit"} 1',
    'polarity_cache_lookups_total{tier="memory",result="miss"} 3',
    'polarity_cache_duration_seconds_count{tier="memory",operation="get"} 2',
    'polarity_cache_duration_seconds_count{tier="memory",operation="set"} 2',
    'polarity_cache_memory_entries 3',
  ])('counts %s', async (sample) => {
    const { metrics, ask } = setup()
    await ask('a', 'b', 'a')
    await ask('a', 'a', 'c')
    expect(await metrics.registry.metrics()).toContain(`${sample}\n`)
  })
})

const known = ({ scores }: Prediction) => ({ scores, source: 'memory' })
