import { describe, expect, it } from 'vitest'
import { settled } from '../fakes.ts'
import { rejection } from '../rejection.ts'
import { answerTo, clientOf, problem, scripted, textsOf } from './serving.ts'

const GONE = new Error('gone')

/** A service that answers a request when told to. */
function held() {
  const arrived = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const serve = scripted(async (texts) => {
    arrived.resolve()
    await released.promise
    return answerTo(texts)
  })
  return { ...clientOf(serve), arrived: arrived.promise, release: () => released.resolve() }
}

/** Whether the last request was aborted. */
const isAborted = ({ asked }: ReturnType<typeof held>) => asked.at(-1)?.init.signal?.aborted

describe('a caller that leaves', () => {
  it('is told its own reason, at once', async () => {
    const { client, arrived } = held()
    const caller = new AbortController()
    const left = rejection(client.classify('text', { signal: caller.signal }))
    await arrived
    caller.abort(GONE)
    expect(await left).toBe(GONE)
  })

  it('does not end the request that others share', async () => {
    const service = held()
    const caller = new AbortController()
    const left = rejection(service.client.classify('text 1', { signal: caller.signal }))
    const other = service.client.classify('text 2')
    await service.arrived
    caller.abort(GONE)
    expect(await left).toBe(GONE)
    expect(isAborted(service)).toBe(false)
    service.release()
    expect((await other).scores[1]?.score).toBe(0.002)
  })

  it('ends the request as the last one that waits for it', async () => {
    const service = held()
    const callers = [new AbortController(), new AbortController()]
    const left = callers.map(({ signal }) => rejection(service.client.classify('text', { signal })))
    await service.arrived
    for (const caller of callers) caller.abort(GONE)
    expect(await Promise.all(left)).toEqual([GONE, GONE])
    expect(isAborted(service)).toBe(true)
  })

  it('sends nothing if it has left before', async () => {
    const { client, asked } = clientOf()
    expect(await rejection(client.classify('text', { signal: AbortSignal.abort(GONE) }))).toBe(GONE)
    await settled()
    expect(asked).toEqual([])
  })

  it('sends nothing if it leaves in the same tick', async () => {
    const { client, sent } = clientOf()
    const caller = new AbortController()
    const left = rejection(client.classify('text 1', { signal: caller.signal }))
    const other = client.classify('text 2')
    caller.abort(GONE)
    expect(await left).toBe(GONE)
    await other
    expect(sent()).toEqual([['text 2']])
  })

  it('does not wait for a service that asked to wait', async () => {
    const caller = new AbortController()
    const serve = scripted((texts) => {
      if (texts.length === 2) setTimeout(() => caller.abort(GONE))
      return problem(429, 'overloaded', { 'retry-after': '50' })
    })
    const { client, sent } = clientOf(serve)
    const left = client.classify(['text 1', 'text 2'], { signal: caller.signal })
    expect(await rejection(left)).toBe(GONE)
    expect(sent()).toHaveLength(1)
  })

  it('is not sent again when the others are', async () => {
    const caller = new AbortController()
    const serve = scripted((texts, nth) => {
      if (nth > 0) return answerTo(texts)
      caller.abort(GONE)
      return problem(429, 'overloaded', { 'retry-after': '0' })
    })
    const { client, sent } = clientOf(serve)
    const left = rejection(client.classify('text 1', { signal: caller.signal }))
    await client.classify('text 2')
    expect(await left).toBe(GONE)
    expect(sent()).toEqual([['text 1', 'text 2'], ['text 2']])
  })

  it('leaves no listener behind', async () => {
    const { client, asked } = clientOf()
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--
      remove(...args)
    }
    await client.classify('text', { signal })
    expect(asked.length).toBeGreaterThan(0)
    expect(listeners).toBe(0)
  })
})

it('one of whose texts is refused ends the rest of what it asked for', async () => {
  const waiting = new Promise<Response>(() => undefined)
  const serve = scripted((texts) =>
    texts.includes('text 0') ? waiting : problem(401, 'unauthorized'),
  )
  const { client, asked } = clientOf(serve)
  const error = await rejection(client.classify(Array.from({ length: 8 }, (_, i) => `text ${i}`)))
  expect(error).toMatchObject({ code: 'unauthorized' })
  const first = asked.find(({ init }) => init.body && textsOf(init).includes('text 0'))
  expect(first?.init.signal?.aborted).toBe(true)
})
