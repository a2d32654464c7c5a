import { describe, expect, it } from 'vitest'
import { settled } from '../fakes.ts'
import { rejection } from '../rejection.ts'
import { answerTo, clientOf, problem, scripted } from './serving.ts'

function* numbers(count: number, pulled: { count: number } = { count: 0 }) {
  for (; pulled.count < count; pulled.count++) yield `text ${pulled.count}`
}

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const row of rows) list.push(row)
  return list
}

describe('a stream', () => {
  it('answers texts in their order', async () => {
    const rows = await collect(clientOf().client.stream(numbers(50)))
    expect(rows.map(({ index, text }) => [index, text])).toEqual(
      Array.from({ length: 50 }, (_, i) => [i, `text ${i}`]),
    )
    expect(rows.map(({ prediction }) => prediction?.scores[1]?.score)).toEqual(
      Array.from({ length: 50 }, (_, i) => i / 1000),
    )
  })

  it('takes a source that comes bit by bit, and holds nothing back', async () => {
    const { client } = clientOf()
    const more = Promise.withResolvers<void>()
    async function* source() {
      yield 'text 1'
      await more.promise
      yield 'text 2'
    }
    const rows = client.stream(source())
    expect((await rows.next()).value).toMatchObject({ index: 0 })
    more.resolve()
    expect((await rows.next()).value).toMatchObject({ index: 1 })
    expect((await rows.next()).done).toBe(true)
  })

  it('of nothing is empty', async () => {
    const { client, asked } = clientOf()
    expect(await collect(client.stream([]))).toEqual([])
    expect(asked).toEqual([])
  })

  it('reads nothing before the first row is wanted', async () => {
    const pulled = { count: 0 }
    clientOf().client.stream(numbers(50, pulled))
    await settled()
    expect(pulled.count).toBe(0)
  })

  it('reads no further ahead than its window', async () => {
    const { client } = clientOf()
    const pulled = { count: 0 }
    const rows = client.stream(numbers(1000, pulled), { window: 8 })
    let taken = 0
    let ahead = 0
    for await (const _ of rows) {
      await settled()
      // The generator counts a text when it is asked for the next one.
      ahead = Math.max(ahead, pulled.count - taken)
      taken++
      if (taken === 20) break
    }
    expect(ahead).toBeLessThanOrEqual(8)
  })

  it('shares requests also where its rows are taken one by one', async () => {
    const { client, sent } = clientOf()
    for await (const _ of client.stream(numbers(40), { window: 16 })) await settled()
    expect(sent().map((texts) => texts.length)).toEqual(Array.from({ length: 10 }, () => 4))
  })

  it('has a row with an error for a text that is refused', async () => {
    const texts = ['text 1', ' ', 'text 3', 'x'.repeat(201), 'poison', 'text 6']
    const rows = await collect(clientOf().client.stream(texts))
    expect(rows.map(({ error }) => error?.code)).toEqual([
      undefined,
      'invalid_request',
      undefined,
      'invalid_request',
      'internal',
      undefined,
    ])
  })

  it('throws what is no text’s fault, after the rows before it', async () => {
    const serve = scripted((texts) =>
      texts.includes('text 6') ? problem(401, 'unauthorized') : answerTo(texts),
    )
    const { client } = clientOf(serve)
    const rows: number[] = []
    const error = await rejection(
      (async () => {
        for await (const { index } of client.stream(numbers(1000))) rows.push(index)
      })(),
    )
    expect(error).toMatchObject({ code: 'unauthorized' })
    expect(rows).toEqual([0, 1, 2, 3])
  })

  it('throws that the service knows no such option', async () => {
    const options: object = { truncat: false }
    const error = await rejection(collect(clientOf().client.stream(numbers(3), options)))
    expect(error).toMatchObject({ message: 'truncat: Unknown field.', positions: [] })
  })

  it('throws what its source throws, after the rows before it', async () => {
    const broken = new Error('the file is broken')
    function* source() {
      yield 'text 1'
      yield 'text 2'
      throw broken
    }
    const rows = clientOf().client.stream(source())
    expect([(await rows.next()).done, (await rows.next()).done]).toEqual([false, false])
    expect(await rejection(rows.next())).toBe(broken)
  })

  it('refuses what is no text, and leaves the source', async () => {
    let left = false
    function* source() {
      try {
        yield* JSON.parse('["text", 7, "text"]')
      } finally {
        left = true
      }
    }
    const error = await rejection(collect(clientOf().client.stream(source())))
    expect(error).toEqual(new TypeError('Text 1 must be a string.'))
    await settled()
    expect(left).toBe(true)
  })

  it('is not made of one string', () => {
    expect(() => clientOf().client.stream('text')).toThrow(TypeError)
  })
})

describe('a stream that is left', () => {
  it('ends its requests and its source', async () => {
    const { client, asked } = clientOf(
      scripted((texts, nth) => (nth === 0 ? answerTo(texts) : new Promise(() => undefined))),
    )
    let left = false
    async function* source() {
      try {
        yield* numbers(1000)
      } finally {
        left = true
      }
    }
    for await (const _ of client.stream(source(), { window: 8 })) break
    await settled()
    expect(left).toBe(true)
    expect(asked.slice(2).map(({ init }) => init.signal?.aborted)).not.toContain(false)
  })

  it('ends at once if it is aborted, even while its source is silent', async () => {
    const gone = new Error('gone')
    const caller = new AbortController()
    async function* silent() {
      yield 'text 1'
      await new Promise(() => undefined)
    }
    const rows = clientOf().client.stream(silent(), { signal: caller.signal })
    await rows.next()
    const next = rejection(rows.next())
    caller.abort(gone)
    expect(await next).toBe(gone)
    expect((await rows.next()).done).toBe(true)
  })

  it('never starts if it is aborted before', async () => {
    const pulled = { count: 0 }
    const { client, asked } = clientOf()
    const rows = client.stream(numbers(9, pulled), { signal: AbortSignal.abort(new Error('gone')) })
    expect(String(await rejection(rows.next()))).toBe('Error: gone')
    await settled()
    expect(asked).toEqual([])
  })
})
