import { describe, expect, it } from 'vitest'
import { cached } from '../../app/classifier/cached.ts'
import type { CachedPrediction } from '../../app/classifier/cached-value.ts'
import { coalesced } from '../../app/classifier/coalesced.ts'
import { answerTo, createCall, fakeCache, settled } from '../fakes.ts'
import { setup as setupScheduler } from '../scheduler/scheduling.ts'
import { watch } from './sharing.ts'

/** Single flight over a shared cache over a scheduler whose batches take two texts of one word. */
function setup(options: Parameters<typeof setupScheduler>[0] = {}) {
  const scheduler = setupScheduler(options)
  const fake = fakeCache<CachedPrediction>('redis')
  const parts = {
    prefix: 'test',
    modelDigest: '0123456789abcdef',
    numerics: '89abcdef',
    longTexts: 'truncate' as const,
  }
  const remembered = cached(scheduler.classify, { cache: fake.cache, ...parts })
  const classify = coalesced(remembered)
  const ask = (caller: string, ...texts: string[]) => watch(classify(texts, createCall({ caller })))
  return { ...scheduler, fake, remembered, classify, ask }
}

const codeOf = (outcome: unknown) =>
  outcome instanceof Error && 'code' in outcome ? outcome.code : outcome

describe('requests that share a text', () => {
  it('do not share a deadline', async () => {
    const { classify, ask, batches, finish } = setup()
    const leader = watch(classify(['a', 'b', 'c'], createCall({ caller: 'one', deadlineAt: 3 })))
    const follower = ask('two', 'a')
    await settled()
    await finish()
    expect([codeOf(leader.outcome), follower.outcome]).toEqual(['deadline_exceeded', ['model']])
    expect(batches).toEqual([['a']])
  })

  it('do not share a refusal', async () => {
    const { ask, askAs, finish } = setup()
    for (const caller of ['x', 'y']) void askAs(caller, '1', '2', '3', '4')
    await settled()
    const leader = ask('one', 'a', 'b', 'c', 'd', 'e', 'f', 'g')
    const follower = ask('two', 'a')
    for (let batch = 0; batch < 8; batch++) await finish()
    expect([codeOf(leader.outcome), follower.outcome]).toEqual(['overloaded', ['model']])
  })

  it('do not share the time that the other texts take', async () => {
    const { ask, batches, finish } = setup()
    const leader = ask('one', 'a', 'b', 'c', 'd', 'e')
    const follower = ask('two', 'a')
    await settled()
    await finish()
    expect(batches[0]).toContain('a')
    expect([leader.outcome, follower.outcome]).toEqual([undefined, ['coalesced']])
  })

  it('do not wait for the misses of others where the shared cache knows the text', async () => {
    const { fake, remembered, ask, finish } = setup()
    const known = remembered(['known'], createCall())
    await settled()
    await finish()
    await known
    expect(fake.known.size).toBe(1)
    const leader = ask('one', 'known', 'a')
    const follower = ask('two', 'known')
    await settled()
    expect([leader.outcome, follower.outcome]).toEqual([undefined, ['coalesced']])
    await finish()
    expect(leader.outcome).toEqual(['redis', 'model'])
  })

  it('leave nothing in the queue when all of them leave', async () => {
    const { classify, batches, metrics } = setup()
    const callers = [new AbortController(), new AbortController()]
    for (const { signal } of callers) watch(classify(['a', 'b', 'c', 'd'], createCall({ signal })))
    await settled()
    for (const caller of callers) caller.abort(new Error('gone'))
    await settled()
    expect(await metrics.registry.metrics()).toContain('polarity_queue_texts 0\n')
    expect(batches).toHaveLength(1)
  })

  it('are one request to the scheduler, whose texts are all kept in the shared cache', async () => {
    const { ask, fake, batches, finish } = setup()
    const requests = [ask('one', 'a', 'love', 'a'), ask('two', 'love')]
    await settled()
    await finish()
    expect(batches).toEqual([['a', 'love']])
    expect(requests.map(({ outcome }) => outcome)).toEqual([
      ['model', 'model', 'coalesced'],
      ['coalesced'],
    ])
    expect([...fake.known.values()].map(({ scores }) => scores)).toEqual(
      ['a', 'love'].map((text) => answerTo(text).scores),
    )
  })

  it('do not wait for each other: a follower has the place that it would have alone', async () => {
    const { ask, batches, finish } = setup({ maxQueueTokens: 1000 })
    const others = Array.from({ length: 50 }, (_, i) => `other ${i}`)
    void ask('one', ...others, 'shared')
    const follower = ask('two', 'shared')
    await settled()
    await finish()
    await finish()
    expect(batches.slice(0, 2).flat()).toContain('shared')
    expect(follower.outcome).toEqual(['coalesced'])
  })

  it('do not wait for each other if the text is queued already', async () => {
    const { ask, finish } = setup({ maxQueueTokens: 1000 })
    void ask('one', ...Array.from({ length: 50 }, (_, i) => `other ${i}`), 'shared')
    await settled()
    const follower = ask('two', 'shared')
    // Two batches were with the worker already.
    for (let i = 0; i < 3; i++) await finish()
    expect(follower.outcome).toEqual(['coalesced'])
  })

  it('do not wait for each other if both are of one caller', async () => {
    const { ask, finish } = setup({ maxQueueTokens: 1000 })
    void ask('one', ...Array.from({ length: 50 }, (_, i) => `other ${i}`), 'shared')
    await settled()
    const follower = ask('one', 'shared')
    // Two batches were with the worker already.
    for (let i = 0; i < 3; i++) await finish()
    expect(follower.outcome).toEqual(['coalesced'])
  })

  it('do not wait for each other behind a flood of small requests', async () => {
    const { ask, finish } = setup({ maxQueueTokens: 1000 })
    for (let i = 0; i < 50; i++) void ask('flood', `other ${i}`)
    void ask('flood', 'shared')
    await settled()
    const follower = ask('calm', 'shared')
    // Two batches were with the worker already.
    for (let i = 0; i < 3; i++) await finish()
    expect(follower.outcome).toEqual(['coalesced'])
  })

  it('pay for what is served at their place', async () => {
    const { ask, askAs, batches, finish } = setup({ maxQueueTokens: 1000 })
    const texts = Array.from({ length: 20 }, (_, i) => `shared ${i}`)
    void ask('one', ...Array.from({ length: 50 }, (_, i) => `other ${i}`), ...texts)
    await settled()
    void ask('two', ...texts)
    for (let i = 0; i < 20; i++) void askAs('three', `third ${i}`)
    await settled()
    for (let i = 0; i < 9; i++) await finish()
    const served = batches.flat().filter((text) => text.startsWith('third'))
    expect(served.length).toBeGreaterThanOrEqual(3)
  })

  it('do not lose a place to an earlier request of the same caller that asks for more', async () => {
    const { ask, finish } = setup({ maxQueueTokens: 1000 })
    void ask('one', ...Array.from({ length: 50 }, (_, i) => `other ${i}`), 'shared')
    await settled()
    void ask('two', ...Array.from({ length: 30 }, (_, i) => `more ${i}`), 'shared')
    const follower = ask('two', 'shared')
    for (let i = 0; i < 4; i++) await finish()
    expect(follower.outcome).toEqual(['coalesced'])
  })

  it('leave no place behind', async () => {
    const { ask, batches, metrics, finish } = setup({ maxQueueTokens: 1000 })
    const requests = ['one', 'two', 'three'].map((caller) => ask(caller, 'a', 'b', caller))
    for (let i = 0; i < 6; i++) {
      await settled()
      await finish()
    }
    expect(requests.map(({ outcome }) => outcome?.toString().includes('model'))).toEqual([
      true,
      true,
      true,
    ])
    expect(batches.flat().sort()).toEqual(['a', 'b', 'one', 'three', 'two'])
    expect(await metrics.registry.metrics()).toContain('polarity_queue_texts 0\n')
  })
})
