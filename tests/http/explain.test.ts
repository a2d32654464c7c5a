import { describe, expect, it } from 'vitest'
import { explained } from '../../app/classifier/explained.ts'
import { rateLimited } from '../../app/classifier/rate-limited.ts'
import { LocalBuckets } from '../../app/token-bucket.ts'
import { createTestApp, fakeClassify, LABELS, post } from '../fakes.ts'

const OPTIONS = { labels: LABELS, maxWords: 8, readWords: 16, maxChars: 1e6 }

function createApp({ classify } = fakeClassify(), env: Record<string, string> = {}) {
  const explain = explained(classify, OPTIONS)
  return createTestApp({ classify, explain }, { EXPLAIN_MAX_TEXTS: '2', ...env })
}

const predict = (body: unknown, app = createApp()) => post(app, JSON.stringify(body))

const issuesOf = async (response: Response) => {
  expect(response.status).toBe(422)
  const { errors } = (await response.json()) as { errors: unknown }
  return errors
}

describe('POST /predict with explain', () => {
  it('adds an explanation of the last label for each text', async () => {
    const response = await predict({ text: ['I love it', 'hm'], explain: true })
    expect(await response.json()).toEqual({
      predictions: [
        [
          { label: 'NEGATIVE', score: 0.1 },
          { label: 'POSITIVE', score: 0.9 },
        ],
        [
          { label: 'NEGATIVE', score: 0.8 },
          { label: 'POSITIVE', score: 0.2 },
        ],
      ],
      explanations: [
        {
          label: 'POSITIVE',
          base: 0.9,
          words: [
            { from: 0, to: 1, text: 'I', push: 0 },
            { from: 2, to: 6, text: 'love', push: 0.7 },
            { from: 7, to: 9, text: 'it', push: 0 },
          ],
        },
        { label: 'POSITIVE', base: 0.2, words: [{ from: 0, to: 2, text: 'hm', push: 0 }] },
      ],
    })
  })

  it('explains the label that is named', async () => {
    const response = await predict({ text: ['love'], explain: { label: 'NEGATIVE' } })
    const { explanations } = (await response.json()) as { explanations: unknown }
    expect(explanations).toEqual([
      {
        label: 'NEGATIVE',
        base: 0.1,
        words: [{ from: 0, to: 4, text: 'love', push: 0.1 - 0.8 }],
      },
    ])
  })

  it('answers an empty list with empty lists', async () => {
    const response = await predict({ text: [], explain: true })
    expect(await response.text()).toBe('{"predictions":[],"explanations":[]}')
  })

  it('answers as without it if it is false, byte for byte, and asks for no variant', async () => {
    const fake = fakeClassify()
    const app = createApp(fake)
    const plain = await (await predict({ text: ['I love it'] }, app)).text()
    expect(await (await predict({ text: ['I love it'], explain: false }, app)).text()).toBe(plain)
    expect(plain).not.toContain('explan')
    expect(fake.lists).toEqual([['I love it'], ['I love it']])
  })

  it('takes the headers from the texts that were sent, not from their variants', async () => {
    const response = await predict({ text: ['short', 'long '.repeat(25)], explain: true })
    expect(response.headers.get('x-truncated')).toBe('1')
  })

  it('refuses long texts with truncate: false', async () => {
    const body = { text: ['long '.repeat(25)], truncate: false, explain: true }
    expect(await issuesOf(await predict(body))).toEqual([
      { path: 'text[0]', message: 'Longer than 16 tokens.' },
    ])
  })

  it.each(['yes', 1, null, {}, { label: 1 }])('refuses %j', async (explain) => {
    expect(await issuesOf(await predict({ text: ['a'], explain }))).toEqual([
      {
        path: 'explain',
        message: 'Must be true, false or an object like {"label": "POSITIVE"}.',
      },
    ])
  })

  it.each(['positive', '', '__proto__'])(
    'refuses the label %j, and says which there are',
    async (label) => {
      expect(await issuesOf(await predict({ text: ['a'], explain: { label } }))).toEqual([
        { path: 'explain.label', message: 'Must be a label of the model: NEGATIVE, POSITIVE.' },
      ])
    },
  )

  it('refuses more texts than may be explained', async () => {
    expect(await issuesOf(await predict({ text: ['a', 'b', 'c'], explain: true }))).toEqual([
      { path: 'text', message: 'More than 2 texts, with explain.' },
    ])
  })

  it('says that it is off', async () => {
    const app = createTestApp()
    expect(await issuesOf(await predict({ text: ['a'], explain: true }, app))).toEqual([
      { path: 'explain', message: 'Explanations are off.' },
    ])
  })

  it('pays for each variant like for a text', async () => {
    const classify = rateLimited(fakeClassify().classify, {
      textsPerMinute: 10,
      missCost: 1,
      buckets: new LocalBuckets(10, () => 0),
    })
    const app = createApp({ classify, lists: [] }, { TRUSTED_PROXIES: '' })
    const response = await predict({ text: ['I love it'], explain: true }, app)
    expect(response.headers.get('ratelimit')).toContain('r=6')
    expect(
      (await predict({ text: ['one two three four five six'], explain: true }, app)).status,
    ).toBe(429)
  })

  it('is described', async () => {
    const document = (await (await createApp().request('/openapi.json')).json()) as {
      components: { schemas: Record<string, { properties: object; required: string[] }> }
    }
    const { PredictRequest, PredictResponse } = document.components.schemas
    expect(PredictRequest?.properties).toHaveProperty('explain')
    expect(PredictRequest?.required).toEqual(['text'])
    expect(PredictResponse?.required).toEqual(['predictions'])
  })
})
