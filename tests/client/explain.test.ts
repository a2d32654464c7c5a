import { describe, expect, it } from 'vitest'
import { explained } from '../../app/classifier/explained.ts'
import { createTestApp, fakeClassify, LABELS } from '../fakes.ts'
import { rejection } from '../rejection.ts'
import { answerTo, clientOf, scripted } from './serving.ts'

/** The real app, which explains 2 texts in a request. */
function explainingApp() {
  const { classify } = fakeClassify()
  const options = { labels: LABELS, maxWords: 8, readWords: 16, maxChars: 1e6 }
  const app = createTestApp(
    { classify, explain: explained(classify, options) },
    { EXPLAIN_MAX_TEXTS: '2' },
  )
  return async (url: string, init: RequestInit) => await app.request(url, init)
}

describe('the client, asked to explain', () => {
  it('says of each text why', async () => {
    const { client } = clientOf(explainingApp())
    const { label, explanation } = await client.classify('love it', { explain: true })
    expect(label).toBe('POSITIVE')
    expect(explanation).toEqual({
      label: 'POSITIVE',
      base: 0.9,
      words: [
        { from: 0, to: 4, text: 'love', push: 0.7 },
        { from: 5, to: 7, text: 'it', push: 0 },
      ],
    })
  })

  it('names a label', async () => {
    const { client } = clientOf(explainingApp())
    const explain = { label: 'NEGATIVE' }
    const { explanation } = await client.classify('love it', { explain })
    expect(explanation?.base).toBe(0.1)
  })

  it('sends no more texts in a request than may be explained', async () => {
    const { client, sent } = clientOf(explainingApp())
    const texts = ['one', 'two', 'three', 'four', 'five']
    const predictions = await client.classify(texts, { explain: true })
    expect(predictions.map(({ explanation }) => explanation?.words[0]?.text)).toEqual(texts)
    expect(sent().map(({ length }) => length)).toEqual([2, 2, 1])
  })

  it('sends what is not to be explained apart, all at once', async () => {
    const { client, sent } = clientOf(explainingApp())
    const plain = ['one', 'two', 'three']
    const [, predictions] = await Promise.all([
      client.classify('love', { explain: true }),
      client.classify(plain),
    ])
    expect(sent()).toEqual([['love'], plain])
    expect(predictions[0]?.explanation).toBeUndefined()
  })

  it('explains a stream', async () => {
    const { client } = clientOf(explainingApp())
    const words: unknown[] = []
    for await (const { prediction } of client.stream(['a', 'b', 'c'], { explain: true }))
      words.push(prediction?.explanation?.words[0]?.text)
    expect(words).toEqual(['a', 'b', 'c'])
  })

  it('is told that the service does not explain', async () => {
    const { client } = clientOf()
    expect(await rejection(client.classify('love', { explain: true }))).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'explain', message: 'Explanations are off.' }],
    })
  })

  it('takes no answer without explanations for one', async () => {
    const { client } = clientOf(scripted(answerTo), { retries: 0 })
    expect(await rejection(client.classify('text 1', { explain: true }))).toMatchObject({
      code: 'unexpected_answer',
    })
  })
})
