import { describe, expect, it } from 'vitest'
import { createTestApp } from '../../fakes.ts'
import { sendJson, V2_INFER, v2Body } from './send.ts'

const infer = (body: unknown, app = createTestApp(), path = V2_INFER) =>
  sendJson(path, body, { app })
const get = (path: string, app = createTestApp()) => app.request(path)

const LABEL = { name: 'label', datatype: 'BYTES', shape: [2], data: ['POSITIVE', 'NEGATIVE'] }
const SCORE = { name: 'score', datatype: 'FP32', shape: [2], data: [0.9, 0.8] }
const PROBABILITIES = {
  name: 'probabilities',
  datatype: 'FP32',
  shape: [2, 2],
  data: [0.1, 0.9, 0.8, 0.2],
}

describe('an inference in JSON', () => {
  it('has all outputs if none is named', async () => {
    const response = await infer({ id: 'r1', ...v2Body() })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      id: 'r1',
      model_name: 'fake',
      model_version: '1',
      outputs: [LABEL, SCORE, PROBABILITIES],
    })
  })

  it('has those that are named, in their order', async () => {
    const outputs = [{ name: 'probabilities' }, { name: 'label' }]
    expect(await (await infer({ ...v2Body(), outputs })).json()).toMatchObject({
      outputs: [PROBABILITIES, LABEL],
    })
  })

  it('has the likeliest classes in place of probabilities', async () => {
    const outputs = [{ name: 'probabilities', parameters: { classification: 1 } }]
    expect(await (await infer({ ...v2Body(), outputs })).json()).toMatchObject({
      outputs: [
        {
          name: 'probabilities',
          datatype: 'BYTES',
          shape: [2, 1],
          data: ['0.9:1:POSITIVE', '0.8:0:NEGATIVE'],
        },
      ],
    })
  })

  it.each([
    ['[n, 1]', { shape: [2, 1] }],
    ['[n, 1] in lists', { shape: [2, 1], data: [['I love it'], ['no']] }],
    ['[1, n]', { shape: [1, 2] }],
    ['any name', { name: 'input-1' }],
    ['a parameter of MLServer', { parameters: { content_type: 'str' } }],
  ])('takes a tensor of %s', async (_, fields) => {
    expect(await (await infer(v2Body(fields))).json()).toMatchObject({
      outputs: [LABEL, SCORE, PROBABILITIES],
    })
  })

  it.each([
    ['no dimension', { shape: [], data: ['no'] }, 1],
    ['no dimension, as it is', { shape: [], data: 'no' }, 1],
    ['no texts', { shape: [0], data: [] }, 0],
  ])('takes a tensor of %s', async (_, fields, texts) => {
    const answer = await (await infer(v2Body(fields))).json()
    expect(answer).toMatchObject({ outputs: [{ shape: [texts] }, { shape: [texts] }, {}] })
  })

  it('ignores what other servers need', async () => {
    const body = { model_name: 'x', ...v2Body(), parameters: { priority: 1, sequence_id: 2 } }
    expect((await infer(body)).status).toBe(200)
  })

  it('comes by version and by the name of the service too', async () => {
    for (const path of ['/v2/models/fake/versions/1/infer', '/v2/models/polarity/infer']) {
      expect((await infer(v2Body(), createTestApp(), path)).status).toBe(200)
    }
  })

  it('refuses texts that would be cut, if it is told to', async () => {
    const long = v2Body({ shape: [1], data: ['long '.repeat(25)] })
    expect((await infer(long)).headers.get('x-truncated')).toBe('0')
    const response = await infer({ ...long, parameters: { truncate: false } })
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({
      error: 'A text is too long, and truncate is false. inputs[0].data[0]: Longer than 16 tokens.',
    })
  })
})

describe('errors', () => {
  it.each([
    ['no inputs', {}, 'inputs'],
    ['two tensors', { inputs: [...v2Body().inputs, ...v2Body().inputs] }, 'inputs'],
    ['a tensor of numbers', v2Body({ datatype: 'INT32', data: [1, 2] }), 'inputs[0].datatype'],
    ['numbers as strings', v2Body({ data: [1, 2] }), 'inputs[0].data[0]'],
    ['no data', v2Body({ data: undefined }), 'inputs[0].data'],
    ['another shape', v2Body({ shape: [3] }), 'inputs[0].shape'],
    ['no shape', v2Body({ shape: undefined }), 'inputs[0].shape'],
    ['texts in base64', v2Body({ parameters: { content_type: 'base64' } }), 'content_type'],
    [
      'an output that is not there',
      { ...v2Body(), outputs: [{ name: 'logits' }] },
      'outputs[0].name',
    ],
    [
      'classes of a label',
      { ...v2Body(), outputs: [{ name: 'label', parameters: { classification: 1 } }] },
      'outputs[0].parameters.classification',
    ],
  ])('say where and why: %s', async (_, body, path) => {
    const response = await infer(body)
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({ error: expect.stringContaining(path) })
  })

  it.each([
    ['an unknown model', '/v2/models/other/infer'],
    ['an unknown version', '/v2/models/fake/versions/2/infer'],
    ['an unknown path', '/v2/nowhere'],
  ])('are in its form: %s', async (_, path) => {
    const response = await infer(v2Body(), createTestApp(), path)
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({ error: expect.any(String) })
  })

  it('are in its form for another method', async () => {
    const response = await get(V2_INFER)
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    expect(await response.json()).toEqual({ error: expect.any(String) })
  })

  it('are in its form for a missing key', async () => {
    const app = createTestApp({}, { API_KEYS: 'a'.repeat(64) })
    for (const response of [await infer(v2Body(), app), await get('/v2/models/fake/stats', app)]) {
      expect(response.status).toBe(401)
      expect(await response.json()).toEqual({ error: expect.any(String) })
    }
  })
})
