import { describe, expect, it } from 'vitest'
import { AppError } from '../../app/errors.ts'
import { answerTo, createCall } from '../fakes.ts'
import { BUSY, setup, sources, watch } from './sharing.ts'

describe('coalesced', () => {
  it('sends a text once for concurrent requests', async () => {
    const { sent, ask, land } = setup()
    const answers = Array.from({ length: 100 }, () => ask('hot'))
    await land(0)
    expect(sent.map(({ texts }) => texts)).toEqual([['hot']])
    const all = (await Promise.all(answers)).flat()
    expect(all.map(({ scores }) => scores)).toEqual(Array(100).fill(answerTo('hot').scores))
    expect(new Set(sources(all))).toEqual(new Set(['model', 'coalesced']))
  })

  it('sends only texts that are not in flight, and answers in order', async () => {
    const { sent, ask, land } = setup()
    void ask('a', 'b')
    const answers = ask('c', 'b', 'love')
    expect(sent.map(({ texts }) => texts)).toEqual([
      ['a', 'b'],
      ['c', 'love'],
    ])
    await land(0)
    await land(1)
    expect((await answers).map(({ scores }) => scores)).toEqual(
      ['c', 'b', 'love'].map((text) => answerTo(text).scores),
    )
    expect(sources(await answers)).toEqual(['model', 'coalesced', 'model'])
  })

  it('sends a text once that occurs twice in one request', async () => {
    const { sent, ask, land } = setup()
    const answers = ask('a', 'b', 'a')
    await land(0)
    expect(sent.map(({ texts }) => texts)).toEqual([['a', 'b']])
    expect(sources(await answers)).toEqual(['model', 'model', 'coalesced'])
  })

  it('sends a text again after its flight has ended', async () => {
    const { sent, ask, land } = setup()
    void ask('a')
    await land(0)
    void ask('a')
    expect(sent).toHaveLength(2)
  })

  it('answers the followers when the leader is aborted', async () => {
    const { sent, classify, ask, land } = setup()
    const caller = new AbortController()
    const left = classify(['a'], createCall({ signal: caller.signal })).catch((error) => error)
    const stayed = ask('a')
    caller.abort(new Error('gone'))
    expect(await left).toEqual(new Error('gone'))
    expect(sent[0]?.call.signal().aborted).toBe(false)
    await land(0)
    expect(sources(await stayed)).toEqual(['coalesced'])
  })

  it('aborts a flight that nobody waits for any more, and starts a new one later', async () => {
    const { sent, classify, ask } = setup()
    const callers = [new AbortController(), new AbortController()]
    const left = callers.map(({ signal }) =>
      classify(['a'], createCall({ signal })).catch((error) => error),
    )
    for (const caller of callers) caller.abort(new Error('gone'))
    await Promise.all(left)
    expect(sent[0]?.call.signal().aborted).toBe(true)
    void ask('a')
    expect(sent).toHaveLength(2)
  })

  it('fails leader and followers if it fails, and no later request', async () => {
    const { sent, ask } = setup()
    const failed = [ask('a'), ask('a')].map((answer) =>
      answer.catch((error: Error) => error.message),
    )
    sent[0]?.done.reject(new Error('boom'))
    expect(await Promise.all(failed)).toEqual(['boom', 'boom'])
    void ask('a')
    expect(sent).toHaveLength(2)
  })

  it('answers a follower when its text is there, not when the leader’s last one is', async () => {
    const { ask, land, tell } = setup()
    const leader = watch(ask('a', 'b', 'c'))
    const follower = watch(ask('b'))
    await tell(0, 'b')
    expect([leader.outcome, follower.outcome]).toEqual([undefined, ['coalesced']])
    await land(0)
    expect(leader.outcome).toEqual(['model', 'model', 'model'])
  })

  it('answers at once with a text that is there while others of its leader are not', async () => {
    const { textsSent, ask, tell } = setup()
    void ask('a', 'b')
    await tell(0, 'a')
    expect(sources(await ask('a'))).toEqual(['coalesced'])
    expect(textsSent()).toEqual([['a', 'b']])
  })

  it('has one follower lead when the leader is refused, in its own name', async () => {
    const { sent, textsSent, askAs, land, fail } = setup()
    const leader = watch(askAs('one', 'a', 'b'))
    const followers = [watch(askAs('two', 'a')), watch(askAs('three', 'a', 'b'))]
    await fail(0, BUSY)
    expect(leader.outcome).toBe(BUSY)
    expect(textsSent()).toEqual([['a', 'b'], ['a'], ['b']])
    expect(sent.map(({ call }) => call.caller())).toEqual(['one', 'two', 'three'])
    await land(1)
    await land(2)
    expect(followers.map(({ outcome }) => outcome)).toEqual([['model'], ['coalesced', 'model']])
  })

  it('sends what a refused leader leaves in one piece', async () => {
    const { textsSent, ask, fail } = setup()
    void ask('a', 'b', 'c').catch(() => undefined)
    void ask('b', 'c')
    await fail(0, BUSY)
    expect(textsSent()).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
    ])
  })

  it('fails a follower that leads by its own refusal, and no other', async () => {
    const { ask, fail, land } = setup()
    const requests = [watch(ask('a')), watch(ask('a')), watch(ask('a'))]
    const late = new AppError('deadline_exceeded', 'The texts take longer than is left.')
    await fail(0, BUSY)
    await fail(1, late)
    await land(2)
    expect(requests.map(({ outcome }) => outcome)).toEqual([BUSY, late, ['model']])
  })

  it('fails a follower by a broken text of its own, not by one of its leader', async () => {
    const { textsSent, ask, land, fail } = setup()
    void ask('a', 'broken').catch(() => undefined)
    const [healthy, broken] = [watch(ask('a')), watch(ask('broken'))]
    await fail(0, new Error('crash'))
    expect(textsSent()).toEqual([['a', 'broken'], ['a'], ['broken']])
    await land(1)
    await fail(2, new Error('crash'))
    expect([healthy.outcome, broken.outcome]).toEqual([['model'], new Error('crash')])
  })

  it('aborts what is left of a leader that is gone once its followers have their texts', async () => {
    const { sent, classify, ask, tell } = setup()
    const caller = new AbortController()
    void classify(['a', 'b'], createCall({ signal: caller.signal })).catch(() => undefined)
    const stayed = ask('a')
    caller.abort(new Error('gone'))
    await tell(0, 'a')
    expect(sources(await stayed)).toEqual(['coalesced'])
    expect(sent[0]?.call.signal().aborted).toBe(true)
  })

  it('does not abort what the leader waits for when its followers leave', async () => {
    const { sent, classify, ask, land } = setup()
    const leader = watch(ask('a'))
    const caller = new AbortController()
    void classify(['a'], createCall({ signal: caller.signal })).catch(() => undefined)
    caller.abort(new Error('gone'))
    await land(0)
    expect([leader.outcome, sent[0]?.call.signal().aborted]).toEqual([['model'], false])
  })

  it('sends behind others what is to wait behind others', () => {
    const { sent, classify } = setup()
    void classify(['a'], createCall({ behindOthers: true }))
    expect(sent[0]?.call.behindOthers).toBe(true)
  })

  it('answers an empty list without sending anything', async () => {
    const { sent, ask } = setup()
    expect([await ask(), sent]).toEqual([[], []])
  })
})

describe('a caller whom the queue would refuse', () => {
  const refuseFlood = (_: readonly string[], caller: string) =>
    caller === 'flood' ? BUSY : undefined

  it('is refused at once, before anything is sent', () => {
    const { sent, askAs } = setup(refuseFlood)
    expect(() => askAs('flood', 'a')).toThrow(BUSY)
    expect(sent).toEqual([])
  })

  it('still has the texts that others have sent', async () => {
    const { askAs, land } = setup(refuseFlood)
    void askAs('calm', 'a')
    const answers = askAs('flood', 'a')
    await land(0)
    expect(sources(await answers)).toEqual(['coalesced'])
  })
})
