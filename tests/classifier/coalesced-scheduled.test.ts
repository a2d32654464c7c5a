import { describe, expect, it } from 'vitest'
import { cached } from '../../app/classifier/cached.ts'
import type { CachedPrediction } from '../../app/classifier/cached-value.ts'
import { coalesced } from '../../app/classifier/coalesced.ts'
import { answerTo, createCall, fakeCache, settled } from '../fakes.ts'
import { setup as setupScheduler } from '../scheduler/scheduling.ts'
import { watch } from './sharing.ts'

/** Single flight over a shared cache over a scheduler whose batches take two texts of one word. */
function setup() {
  const scheduler = setupScheduler()
  const fake = fakeCache<CachedPrediction>('redis')
  const parts = { prefix: 'test', modelDigest: '0123456789abcdef', numerics: '89abcdef' }
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
})
