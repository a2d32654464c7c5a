import { describe, expect, it } from 'vitest'
import type { Classify } from '../../../app/classifier/classify.ts'
import { createMetrics } from '../../../app/telemetry/metrics.ts'
import { answerTo, createTestApp, LABELS } from '../../fakes.ts'
import { recordedLog } from '../../recorded-log.ts'
import { type Sent, sendTei as send } from './send.ts'

const POSITIVE = [
  { label: 'POSITIVE', score: 0.9 },
  { label: 'NEGATIVE', score: 0.1 },
]
const NEGATIVE = [
  { label: 'NEGATIVE', score: 0.8 },
  { label: 'POSITIVE', score: 0.2 },
]
const answer = async (body: unknown, sent?: Sent) => (await send(body, sent)).json()

describe('what Text Embeddings Inference takes at /predict', () => {
  it.each([
    ['one text by a flat list, the highest score first', { inputs: 'I love it' }, POSITIVE],
    ['a list by a list of lists', { inputs: ['I love it', 'no'] }, [POSITIVE, NEGATIVE]],
    ['a list of one by a list of one', { inputs: ['no'] }, [NEGATIVE]],
    [
      'a batch, each text in a list of its own',
      { inputs: [['no'], ['I love it']] },
      [NEGATIVE, POSITIVE],
    ],
    ['an empty list by an empty list', { inputs: [] }, []],
  ])('is answered: %s', async (_, body, expected) => {
    expect(await answer(body)).toEqual(expected)
  })

  it('may have all its fields at their defaults', async () => {
    const options = { truncate: true, truncation_direction: 'Right', raw_scores: false }
    expect(await answer({ inputs: 'no', ...options })).toEqual(NEGATIVE)
  })

  it('may have fields that nobody knows', async () => {
    expect((await send({ inputs: 'no', options: { wait_for_model: true } })).status).toBe(200)
  })

  it('says how long it took, and how many characters there were', async () => {
    const { headers } = await send({ inputs: ['no', '😀'] })
    for (const name of ['total', 'tokenization', 'queue', 'inference']) {
      expect(headers.get(`x-${name}-time`)).toMatch(/^\d+$/)
    }
    expect(headers.get('x-compute-characters')).toBe('3')
  })

  it('has what every answer has', async () => {
    const { headers } = await send({ inputs: 'no' }, { headers: { 'x-request-id': 'mine' } })
    expect(headers.get('x-request-id')).toBe('mine')
    expect(headers.get('x-cache')).toBe('MISS')
    expect(headers.get('x-model-digest')).toBe('0123456789abcdef')
  })
})

describe('what clients of Hugging Face send', () => {
  it.each([
    ['to /', '/', { inputs: 'no' }],
    ['with parameters', '/predict', { inputs: 'no', parameters: {} }],
    ['with parameters that are null', '/predict', { inputs: 'no', parameters: null }],
  ])('is answered by a list of lists: one text %s', async (_, path, body) => {
    expect(await answer(body, { path })).toEqual([NEGATIVE])
  })

  it('may ask for the likeliest labels alone', async () => {
    const parameters = { top_k: 1, function_to_apply: 'softmax' }
    expect(await answer({ inputs: ['no', 'love'], parameters }, { path: '/' })).toEqual([
      [NEGATIVE[0]],
      [POSITIVE[0]],
    ])
  })

  it('may ask for more labels than there are, or for no number of them', async () => {
    for (const top_k of [9, null]) {
      expect(await answer({ inputs: 'no', parameters: { top_k } }, { path: '/' })).toEqual([
        NEGATIVE,
      ])
    }
  })
})

describe('the dialect', () => {
  it('leaves the own one as it was', async () => {
    const response = await send({ text: 'one string' })
    expect(response.status).toBe(422)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect((await send({ text: ['a'], inputs: 'a' })).headers.get('content-type')).toBe(
      'application/problem+json',
    )
  })

  it('is refused where it is not wanted', async () => {
    const app = createTestApp({}, { DIALECTS: 'none' })
    const statuses = [
      (await send({ inputs: 'a' }, { app })).status,
      (await send({ inputs: 'a' }, { app, path: '/' })).status,
    ]
    expect(statuses[0]).toBe(422)
    expect([404, 405]).toContain(statuses[1])
  })

  it('is named in the log and counted', async () => {
    const { log, lines } = recordedLog()
    const metrics = createMetrics(LABELS)
    const app = createTestApp({ log, metrics })
    await send({ inputs: 'a' }, { app })
    await send({ text: ['a'] }, { app })
    expect(lines).toMatchObject([{ dialect: 'tei', texts: 1 }, { route: '/predict' }])
    expect(lines[1]).not.toHaveProperty('dialect')
    const scrape = await metrics.registry.metrics()
    expect(scrape).toContain('polarity_answers_total{dialect="tei"} 1\n')
    expect(scrape).toContain('polarity_answers_total{dialect="native"} 1\n')
  })

  it('is held to the same caller and the same deadline', async () => {
    const calls: number[] = []
    const classify: Classify = async (texts, call) => {
      calls.push(call.deadlineAt - performance.now())
      return texts.map(answerTo)
    }
    const app = createTestApp({ classify })
    await send({ inputs: 'a' }, { app, headers: { 'x-envoy-expected-rq-timeout-ms': '5000' } })
    expect(calls[0]).toBeLessThanOrEqual(5000)
  })
})

describe('/info', () => {
  it('says what these clients look for, beside all it said before', async () => {
    const info = await (await createTestApp().request('/info')).json()
    expect(info).toMatchObject({
      name: 'polarity',
      model: { id: 'fake' },
      model_id: 'tests',
      served_model_name: 'fake',
      model_type: {
        classifier: {
          id2label: { 0: 'NEGATIVE', 1: 'POSITIVE' },
          label2id: { NEGATIVE: 0, POSITIVE: 1 },
        },
      },
      max_input_length: 16,
      max_client_batch_size: 4,
      auto_truncate: true,
    })
  })
})
