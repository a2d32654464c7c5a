import { describe, expect, it } from 'vitest'
import { type Fetch, PolarityClient } from '../../client/src/index.ts'
import { rejection } from '../rejection.ts'
import { answerTo, clientOf, realApp, textsOf } from './serving.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `text ${i}`)

describe('the client', () => {
  it('answers one text with one prediction', async () => {
    expect(await clientOf().client.classify('text 900')).toEqual({
      label: 'POSITIVE',
      score: 0.9,
      scores: [
        { label: 'NEGATIVE', score: 1 - 0.9 },
        { label: 'POSITIVE', score: 0.9 },
      ],
      truncated: false,
    })
  })

  it('answers a list with a list, in its order', async () => {
    const predictions = await clientOf().client.classify(['text 900', 'text 1', 'text 900'])
    expect(predictions.map(({ label }) => label)).toEqual(['POSITIVE', 'NEGATIVE', 'POSITIVE'])
  })

  it('answers an empty list without a request', async () => {
    const { client, asked } = clientOf()
    expect(await client.classify([])).toEqual([])
    expect(asked).toEqual([])
  })

  it('says which texts were cut', async () => {
    const predictions = await clientOf().client.classify(['text 1', 'x'.repeat(101)])
    expect(predictions.map(({ truncated }) => truncated)).toEqual([false, true])
  })

  it('sends a text with a lone surrogate', async () => {
    expect((await clientOf().client.classify('text 9 \ud83d')).scores[1]?.score).toBe(0.009)
  })

  it('refuses what is no text by its position, without a request', async () => {
    const { client, asked } = clientOf()
    const texts: string[] = JSON.parse('["text", 7]')
    const error = await rejection(client.classify(texts))
    expect(error).toEqual(new TypeError('text[1] must be a string.'))
    expect(asked).toEqual([])
  })

  it('keeps a list as it was when it was handed over', async () => {
    const { client } = clientOf()
    const texts = ['text 900']
    const predictions = client.classify(texts)
    texts[0] = 'text 1'
    expect((await predictions)[0]?.score).toBe(0.9)
  })

  it('sends the API key', async () => {
    const { client, asked } = clientOf(realApp(), { apiKey: 'secret' })
    await client.classify('text')
    expect(asked.map(({ init }) => new Headers(init.headers).get('authorization'))).toEqual([
      'Bearer secret',
      'Bearer secret',
    ])
  })

  it('leaves Authorization to a gateway that needs it', async () => {
    const headers = { Authorization: 'Basic abc' }
    const { client, asked } = clientOf(realApp(), { apiKey: 'secret', headers })
    await client.classify('text')
    const sent = new Headers(asked[1]?.init.headers)
    expect([sent.get('authorization'), sent.get('x-api-key')]).toEqual(['Basic abc', 'secret'])
  })
})

describe('calls of one tick', () => {
  it('share a request', async () => {
    const { client, sent } = clientOf()
    const answers = await Promise.all([
      client.classify('text 1'),
      client.classify(['text 2', 'text 3']),
    ])
    expect(sent()).toEqual([['text 1', 'text 2', 'text 3']])
    expect(answers[0].scores[1]?.score).toBe(0.001)
    expect(answers[1].map(({ scores }) => scores[1]?.score)).toEqual([0.002, 0.003])
  })

  it('share a request if promises lie between them', async () => {
    const { client, sent } = clientOf()
    await Promise.all(
      [1, 2, 3].map(async (n) => {
        for (let i = 0; i < n; i++) await undefined
        return client.classify(`text ${n}`)
      }),
    )
    expect(sent()).toEqual([['text 1', 'text 2', 'text 3']])
  })

  it('are split by the texts that a request may hold', async () => {
    const { client, sent } = clientOf()
    const predictions = await client.classify(numbered(9))
    expect(sent().map((texts) => texts.length)).toEqual([4, 4, 1])
    expect(predictions.map(({ scores }) => scores[1]?.score)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => n / 1000),
    )
  })

  it('are split by the bytes that a request may hold', async () => {
    const { client, sent } = clientOf()
    await client.classify(Array.from({ length: 4 }, () => `${'\u0001'.repeat(150)}x`))
    expect(sent().map((texts) => texts.length)).toEqual([2, 2])
  })

  it('share no request if their options differ', async () => {
    const { client, sent } = clientOf()
    await Promise.all([client.classify('text 1'), client.classify('text 2', { truncate: false })])
    expect(sent()).toEqual([['text 1'], ['text 2']])
  })

  it('ask for the limits once', async () => {
    const { client, asked } = clientOf()
    await client.classify('text 1')
    await client.classify('text 2')
    expect(asked.filter(({ url }) => url.endsWith('/info'))).toHaveLength(1)
  })

  it('ask for no limits that they are given', async () => {
    const { client, asked, sent } = clientOf(realApp(), { limits: { max_texts: 2 } })
    await client.classify(numbered(3))
    expect(sent()).toEqual([['text 0', 'text 1'], ['text 2']])
    expect(asked).toHaveLength(2)
  })

  it('are served at an address with a path', async () => {
    const urls: string[] = []
    const client = new PolarityClient('http://polarity.test/sentiment?a=b', {
      fetch: async (url) => {
        urls.push(url)
        return url.endsWith('/predict') ? answerTo(['text']) : Response.json({})
      },
    })
    await client.classify('text')
    expect(urls).toEqual([
      'http://polarity.test/sentiment/info',
      'http://polarity.test/sentiment/predict',
    ])
  })

  it('count characters as the service does', async () => {
    expect((await clientOf().client.classify('🙂'.repeat(200))).truncated).toBe(true)
  })
})

describe('a list of 100,000 texts', () => {
  it('comes back in order, a few requests at a time', async () => {
    let open = 0
    let most = 0
    const serve: Fetch = async (url, init) => {
      if (url.endsWith('/info')) return Response.json({ limits: { max_texts: 1024 } })
      open++
      most = Math.max(most, open)
      await undefined
      open--
      return answerTo(textsOf(init))
    }
    const { client } = clientOf(serve)
    const predictions = await client.classify(numbered(100_000))
    expect(predictions.map(({ scores }) => scores[1]?.score)).toEqual(
      numbered(100_000).map((_, i) => i / 1000),
    )
    expect(most).toBeLessThanOrEqual(4)
  })
})
