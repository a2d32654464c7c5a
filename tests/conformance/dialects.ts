import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { z } from 'zod'
import type { Check, Target } from './target.ts'

const TEXTS = ['I love you.', 'I hate you.']
const LABELS = ['POSITIVE', 'NEGATIVE']
/** Of scores in 32 bits, and of those of one text in two batches. */
const TOLERANCE = 1e-5

const Scores = z.array(z.strictObject({ label: z.string(), score: z.number() }))
const Info = z.looseObject({ model: z.looseObject({ id: z.string() }) })
const Tensor = z.looseObject({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.number()),
  data: z.array(z.union([z.string(), z.number()])),
})
const Inferred = z.looseObject({ id: z.string(), model_name: z.string(), outputs: z.array(Tensor) })

const asJson = async (response: Response): Promise<unknown> => {
  equal(response.status, 200)
  return await response.json()
}

const infer = (target: Target, fields: object = {}) =>
  target.post('/v2/models/polarity/infer', {
    id: 'r1',
    inputs: [{ name: 'text', shape: [2], datatype: 'BYTES', data: TEXTS }],
    ...fields,
  })

/** One text behind its length, with all outputs wanted in the same way. */
function binary(text: string) {
  const size = 4 + Buffer.byteLength(text)
  const json = Buffer.from(
    JSON.stringify({
      inputs: [
        {
          name: 'text',
          shape: [1],
          datatype: 'BYTES',
          parameters: { binary_data_size: size },
        },
      ],
      outputs: [{ name: 'probabilities', parameters: { binary_data: true } }],
    }),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32LE(size - 4)
  return { json: json.byteLength, body: Buffer.concat([json, length, Buffer.from(text)]) }
}

/** Checks of the protocols of other servers. */
export const DIALECTS: readonly Check[] = [
  {
    name: 'tei: one text at /predict by a flat list, the highest score first',
    async run(target) {
      const scores = Scores.parse(await asJson(await target.post('/predict', { inputs: TEXTS[0] })))
      deepEqual(
        scores.map(({ label }) => label),
        LABELS,
      )
    },
  },
  {
    name: 'tei: lists of lists for Hugging Face, and for a list',
    async run(target) {
      const nested = z.array(Scores)
      for (const [path, inputs] of [
        ['/', TEXTS[0]],
        ['/', TEXTS],
        ['/predict', TEXTS],
      ] as const) {
        const lists = nested.parse(await asJson(await target.post(path, { inputs })))
        equal(lists[0]?.[0]?.label, 'POSITIVE', path)
      }
    },
  },
  {
    name: 'tei: its error body for a pair',
    async run(target) {
      const response = await target.post('/predict', { inputs: [['a', 'b']] })
      equal(response.status, 422)
      z.strictObject({ error: z.string(), error_type: z.literal('Validation') }).parse(
        await response.json(),
      )
    },
  },
  {
    name: 'v1: the scores of /predict',
    async run(target) {
      const answer = z.strictObject({ predictions: z.array(Scores) })
      const response = await target.post('/v1/models/polarity:predict', { instances: TEXTS })
      const { predictions } = answer.parse(await asJson(response))
      const own = await target.predict(TEXTS)
      deepEqual(predictions, own)
    },
  },
  {
    name: 'v1: alive at / for who takes any type, the page for who takes HTML',
    async run(target) {
      deepEqual(await asJson(await target.get('/', { accept: '*/*' })), { status: 'alive' })
      match(await (await target.get('/', { accept: 'text/html' })).text(), /<html/i)
    },
  },
  {
    name: 'v1 and v2: the model by both names, and no other',
    async run(target) {
      const { id } = Info.parse(await asJson(await target.get('/info'))).model
      for (const name of [id, 'polarity']) {
        for (const path of [`/v1/models/${name}`, `/v2/models/${name}/ready`]) {
          deepEqual(await asJson(await target.get(path)), { name, ready: true })
        }
      }
      for (const path of ['/v1/models/nobody', '/v2/models/nobody']) {
        const response = await target.get(path)
        equal(response.status, 404)
        z.strictObject({ error: z.string() }).parse(await response.json())
      }
    },
  },
  {
    name: 'v2: labels, scores and probabilities',
    async run(target) {
      const { id, outputs } = Inferred.parse(await asJson(await infer(target)))
      equal(id, 'r1')
      deepEqual(
        outputs.map(({ name, datatype, shape }) => [name, datatype, shape]),
        [
          ['label', 'BYTES', [2]],
          ['score', 'FP32', [2]],
          ['probabilities', 'FP32', [2, 2]],
        ],
      )
      deepEqual(outputs[0]?.data, LABELS)
    },
  },
  {
    name: 'v2: the outputs that are asked for',
    async run(target) {
      const response = await infer(target, { outputs: [{ name: 'label' }] })
      const { outputs } = Inferred.parse(await asJson(response))
      deepEqual(
        outputs.map(({ name }) => name),
        ['label'],
      )
    },
  },
  {
    name: 'v2: tensors in bytes',
    async run(target) {
      const { json, body } = binary(TEXTS[0] ?? '')
      const response = await target.postBytes('/v2/models/polarity/infer', body, {
        'inference-header-content-length': String(json),
      })
      equal(response.status, 200)
      const bytes = Buffer.from(await response.arrayBuffer())
      const positive = bytes.readFloatLE(bytes.byteLength - 4)
      ok(Math.abs(positive - (await target.positive(TEXTS[0] ?? ''))) < TOLERANCE)
    },
  },
  {
    name: 'v2: its error body for what is no tensor',
    async run(target) {
      const response = await infer(target, { inputs: [] })
      equal(response.status, 422)
      z.strictObject({ error: z.string() }).parse(await response.json())
    },
  },
  ...[
    '/v2',
    '/v2/health/live',
    '/v2/health/ready',
    '/v2/models/polarity/config',
    '/v2/models/stats',
  ].map((path) => ({
    name: `v2: ${path}`,
    async run(target: Target) {
      await asJson(await target.get(path))
    },
  })),
]
