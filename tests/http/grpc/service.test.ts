import { once } from 'node:events'
import { connect } from 'node:http2'
import { afterEach, describe, expect, it } from 'vitest'
import { healthIn } from '../../fakes.ts'
import { failureOf, type GrpcServer, startGrpc } from './grpc-server.ts'

let server: GrpcServer
const start = async (...options: Parameters<typeof startGrpc>) => {
  server = await startGrpc(...options)
  return server
}
afterEach(() => server.stop())

/** What a request gets that no client of gRPC would send. */
async function send(path: string, body: Uint8Array, type = 'application/grpc') {
  const session = connect(server.baseUrl)
  const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': type })
  const response = once(stream, 'response')
  stream.end(body)
  const [headers] = await response
  let text = ''
  for await (const chunk of stream) text += chunk
  session.close()
  return { headers, text }
}

describe('the service', () => {
  it('says what it is, and what it serves', async () => {
    const { client } = await start()
    expect(await client.serverMetadata({})).toMatchObject({ name: 'polarity', version: '0.0.0' })
    const { inputs, outputs, ...model } = await client.modelMetadata({ name: 'fake' })
    expect(model).toMatchObject({ name: 'fake', versions: ['1'] })
    expect(inputs).toMatchObject([{ name: 'text', datatype: 'BYTES', shape: [-1n] }])
    expect(outputs.map(({ name }) => name)).toEqual(['label', 'score', 'probabilities'])
    expect(await failureOf(client.modelMetadata({ name: 'x' }))).toMatchObject({
      status: 'NotFound',
    })
  })

  it.each([
    ['serving', true],
    ['draining', false],
  ] as const)('says while %s whether it is ready: %s', async (phase, ready) => {
    const { client, health } = await start({ health: healthIn(phase) })
    expect(await client.serverLive({})).toMatchObject({ live: true })
    expect(await client.serverReady({})).toMatchObject({ ready })
    expect(await client.modelReady({ name: 'polarity' })).toMatchObject({ ready })
    const service = 'inference.GRPCInferenceService'
    for (const asked of ['', service]) {
      expect(await health.check({ service: asked })).toMatchObject({ status: ready ? 1 : 2 })
    }
  })

  it('knows no other service', async () => {
    const { health } = await start()
    expect(await failureOf(health.check({ service: 'x' }))).toMatchObject({ status: 'NotFound' })
  })

  it.each([
    [
      'a method that is not there',
      '/inference.GRPCInferenceService/ModelConfig',
      [0, 0, 0, 0, 0],
      '12',
    ],
    ['a body that is no message', '/inference.GRPCInferenceService/ServerLive', [1, 2, 3], '3'],
    [
      'two messages',
      '/inference.GRPCInferenceService/ServerLive',
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      '3',
    ],
    [
      'a message of another method',
      '/inference.GRPCInferenceService/ModelReady',
      [0, 0, 0, 0, 1, 0xff],
      '3',
    ],
    [
      'a compression that is not named',
      '/inference.GRPCInferenceService/ServerLive',
      [1, 0, 0, 0, 0],
      '3',
    ],
  ])('answers %s by a status', async (...[, path, body, status]) => {
    await start()
    const { headers, text } = await send(path, Uint8Array.from(body))
    expect(headers).toMatchObject({ ':status': 200, 'grpc-status': status })
    expect(text).toBe('')
  })

  it('answers what is not gRPC as HTTP', async () => {
    await start()
    const { headers, text } = await send('/predict', Buffer.from('{}'), 'application/json')
    expect(headers).toMatchObject({ ':status': 404, 'content-type': 'application/json' })
    expect(JSON.parse(text)).toEqual({ error: 'No method has this path.' })
  })
})
