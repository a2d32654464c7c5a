import { describe, expect, it } from 'vitest'
import { createTestApp, healthIn } from '../../fakes.ts'
import { sendJson, V2_INFER, v2Body } from './send.ts'

const get = (path: string, app = createTestApp()) => app.request(path)

describe('the server', () => {
  it.each([
    ['/v2/health/live', { live: true }],
    ['/v2/health/ready', { ready: true }],
    ['/v2/models', { models: ['fake'] }],
    ['/v2/models/fake/ready', { name: 'fake', ready: true }],
    ['/v2/models/fake/versions/1/ready', { name: 'fake', ready: true }],
  ])('answers %s', async (path, answer) => {
    expect(await (await get(path)).json()).toEqual(answer)
  })

  it('says what it can do', async () => {
    const { extensions, ...server } = (await (await get('/v2')).json()) as { extensions: string[] }
    expect(server).toEqual({ name: 'polarity', version: '0.0.0' })
    expect(extensions).toContain('binary_tensor_data')
  })

  it('is live and not ready while it drains', async () => {
    const app = createTestApp({ health: healthIn('draining') })
    const statuses = ['/v2/health/live', '/v2/health/ready', '/v2/models/fake/ready'].map(
      async (path) => (await get(path, app)).status,
    )
    expect(await Promise.all(statuses)).toEqual([200, 503, 503])
  })

  it('lists its models by their state', async () => {
    const index = (app = createTestApp()) => app.request('/v2/repository/index', { method: 'POST' })
    expect(await (await index()).json()).toEqual([
      { name: 'fake', version: '1', state: 'READY', reason: '' },
    ])
  })
})

describe('the model', () => {
  it.each(['/v2/models/fake', '/v2/models/fake/versions/1'])('has tensors: %s', async (path) => {
    expect(await (await get(path)).json()).toEqual({
      name: 'fake',
      versions: ['1'],
      platform: 'onnx_onnxv1',
      inputs: [{ name: 'text', datatype: 'BYTES', shape: [-1] }],
      outputs: [
        { name: 'label', datatype: 'BYTES', shape: [-1] },
        { name: 'score', datatype: 'FP32', shape: [-1] },
        { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
      ],
    })
  })

  it('has a configuration', async () => {
    expect(await (await get('/v2/models/fake/config')).json()).toMatchObject({
      name: 'fake',
      max_batch_size: 0,
      input: [{ name: 'text', data_type: 'TYPE_STRING', dims: [-1] }],
    })
  })

  it('has statistics of what it answered and refused', async () => {
    const app = createTestApp()
    await sendJson(V2_INFER, v2Body(), { app })
    await sendJson(V2_INFER, {}, { app })
    for (const path of ['/v2/models/fake/stats', '/v2/models/stats']) {
      const { model_stats } = (await (await get(path, app)).json()) as { model_stats: object[] }
      expect(model_stats).toMatchObject([
        {
          name: 'fake',
          version: '1',
          last_inference: expect.any(Number),
          inference_count: 2,
          inference_stats: { success: { count: 1 }, fail: { count: 1 }, queue: { count: 0 } },
        },
      ])
    }
  })
})
