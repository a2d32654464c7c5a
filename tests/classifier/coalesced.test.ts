import { describe, expect, it } from 'vitest'
import type { Call, Prediction } from '../../app/classifier/classify.ts'
import { coalesced } from '../../app/classifier/coalesced.ts'
import { answerTo, createCall, settled } from '../fakes.ts'

/** A classifier whose calls are resolved or rejected by the test. */
function setup() {
  const sent: {
    texts: readonly string[]
    call: Call
    done: PromiseWithResolvers<readonly Prediction[]>
  }[] = []
  const classify = coalesced((texts, call) => {
    const done = Promise.withResolvers<readonly Prediction[]>()
    sent.push({ texts, call, done })
    return done.promise
  })
  const land = async (number: number) => {
    sent[number]?.done.resolve(sent[number].texts.map(answerTo))
    await settled()
  }
  const ask = (...texts: string[]) => classify(texts, createCall())
  return { sent, classify, ask, land }
}

const sources = (answers: readonly Prediction[]) => answers.map(({ source }) => source)

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
})
