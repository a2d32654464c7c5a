import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { ApiKeys } from '../../../app/api-keys.ts'
import type { Call } from '../../../app/classifier/classify.ts'
import { AppError } from '../../../app/errors.ts'
import { writeStrings } from '../../../app/http/dialects/v2-strings.ts'
import type { ModelInferResponse } from '../../../app/http/grpc/generated/open_inference_pb.ts'
import { answerTo, fakeClassify } from '../../fakes.ts'
import { failureOf, type GrpcServer, inferenceOf, startGrpc } from './grpc-server.ts'

let server: GrpcServer
const start = async (...options: Parameters<typeof startGrpc>) => {
  server = await startGrpc(...options)
  return server
}
afterEach(() => server.stop())

const outputsOf = ({ outputs }: ModelInferResponse) => outputs.map(({ name }) => name)
const labelsOf = ({ outputs }: ModelInferResponse) =>
  outputs[0]?.contents?.bytesContents.map((bytes) => new TextDecoder().decode(bytes))

const TEXTS = ['I love it', 'I hate it', 'all you need is love']
const LABELS = ['POSITIVE', 'NEGATIVE', 'POSITIVE']

describe('ModelInfer', () => {
  it('classifies texts in order', async () => {
    const { client } = await start()
    const answer = await client.modelInfer({ ...inferenceOf(...TEXTS), id: 'mine' })
    expect(answer).toMatchObject({ modelName: 'polarity', modelVersion: '1', id: 'mine' })
    expect(outputsOf(answer)).toEqual(['label', 'score', 'probabilities'])
    expect(labelsOf(answer)).toEqual(LABELS)
    expect(answer.outputs.map(({ shape }) => shape)).toEqual([[3n], [3n], [3n, 2n]])
    expect(answer.outputs[1]?.contents?.fp32Contents).toEqual(
      [0.9, 0.8, 0.9].map((score) => Math.fround(score)),
    )
  })

  it('answers raw contents by raw contents', async () => {
    const { client } = await start()
    const { inputs, ...request } = inferenceOf(...TEXTS)
    const answer = await client.modelInfer({
      ...request,
      inputs: inputs.map((input) => ({ ...input, contents: undefined })),
      rawInputContents: [new Uint8Array(writeStrings(TEXTS))],
      outputs: [{ name: 'label' }],
    })
    expect(outputsOf(answer)).toEqual(['label'])
    expect(answer.rawOutputContents.map((bytes) => Buffer.from(bytes))).toEqual([
      Buffer.from(writeStrings(LABELS)),
    ])
  })

  it('reads compressed messages', async () => {
    const { zippingClient } = await start()
    expect(labelsOf(await zippingClient.modelInfer(inferenceOf(...TEXTS)))).toEqual(LABELS)
  })

  it('does not hold a message that is too large once it is decompressed', async () => {
    const { zippingClient } = await start()
    const bomb = { ...inferenceOf('I love it'), id: ' '.repeat(1_000_000) }
    expect(await failureOf(zippingClient.modelInfer(bomb))).toMatchObject({
      status: 'ResourceExhausted',
    })
  })

  it.each([
    ['a blank text', inferenceOf('love', ' '), 'InvalidArgument', 'Must not be blank.'],
    ['too many texts', inferenceOf('a', 'b', 'c', 'd', 'e'), 'InvalidArgument', 'More than 4'],
    ['a message too large', inferenceOf('a'.repeat(2000)), 'ResourceExhausted', '2000 bytes'],
    ['another model', { ...inferenceOf('a'), modelName: 'x' }, 'NotFound', 'No model'],
    ['another version', { ...inferenceOf('a'), modelVersion: '7' }, 'NotFound', 'No version'],
    ['no tensor', { modelName: 'polarity' }, 'InvalidArgument', 'Must be one tensor'],
    [
      'too many fields',
      { modelName: 'polarity', inputs: Array(90).fill({}) },
      'InvalidArgument',
      'fields',
    ],
    [
      'a packed list too long',
      { modelName: 'polarity', inputs: [{ shape: Array(90).fill(1n) }] },
      'InvalidArgument',
      'fields',
    ],
    [
      'another datatype',
      { modelName: 'polarity', inputs: [{ name: 'text', datatype: 'FP32', shape: [1n] }] },
      'InvalidArgument',
      'Must be BYTES',
    ],
    [
      'text that is not UTF-8',
      {
        modelName: 'polarity',
        inputs: [
          {
            name: 'text',
            datatype: 'BYTES',
            shape: [1n],
            contents: { bytesContents: [Uint8Array.of(0xff)] },
          },
        ],
      },
      'InvalidArgument',
      'UTF-8',
    ],
  ])('refuses %s', async (...[, request, status, message]) => {
    const { client } = await start()
    const failure = await failureOf(client.modelInfer(request))
    expect(failure.status).toBe(status)
    expect(failure.message).toContain(message)
  })

  it('wants a key where keys are on, as Bearer or X-API-Key', async () => {
    const digest = createHash('sha256').update('good').digest('hex')
    const { client } = await start({ keys: new ApiKeys([{ name: 'ada', digest }]) })
    const ask = (headers: Record<string, string>) =>
      client.modelInfer(inferenceOf('love'), { headers })
    expect(await failureOf(ask({}))).toMatchObject({ status: 'Unauthenticated' })
    expect(labelsOf(await ask({ authorization: 'Bearer good' }))).toEqual(['POSITIVE'])
    expect(labelsOf(await ask({ 'x-api-key': 'good' }))).toEqual(['POSITIVE'])
  })

  it.each([
    ['overloaded', 'ResourceExhausted'],
    ['rate_limited', 'ResourceExhausted'],
    ['not_ready', 'Unavailable'],
    ['deadline_exceeded', 'DeadlineExceeded'],
  ] as const)('says of %s that it is %s, and when to come back', async (code, status) => {
    const headers = { 'Retry-After': '7' }
    const { client } = await start({
      async classify() {
        throw new AppError(code, 'Come back, Günther.', { headers })
      },
    })
    const failure = await failureOf(client.modelInfer(inferenceOf('love')))
    expect(failure).toMatchObject({ status, message: 'Come back, Günther.' })
    expect(failure.metadata.get('retry-after')).toBe('7')
  })

  it('tells nothing of a bug', async () => {
    const { client } = await start({
      async classify() {
        throw new Error('secret')
      },
    })
    const failure = await failureOf(client.modelInfer(inferenceOf('love')))
    expect(failure).toMatchObject({ status: 'Internal' })
    expect(failure.message).not.toContain('secret')
  })

  it("takes the client's deadline", async () => {
    const calls: Call[] = []
    const { client } = await start({
      async classify(texts, call) {
        calls.push(call)
        return texts.map(answerTo)
      },
    })
    await client.modelInfer(inferenceOf('love'), { timeoutMs: 20_000 })
    const [{ deadlineAt = Number.POSITIVE_INFINITY } = {}] = calls
    expect(deadlineAt - performance.now()).toBeLessThan(20_000)
  })

  it('is aborted when the client cancels', async () => {
    const cancel = new AbortController()
    let reason: unknown
    const aborted = new Promise<void>((resolve) => {
      void start({
        async classify(texts, call) {
          cancel.abort()
          await new Promise((abort) => call.signal().addEventListener('abort', abort))
          reason = call.signal().reason
          resolve()
          return texts.map(answerTo)
        },
      }).then(({ client }) =>
        client.modelInfer(inferenceOf('love'), { signal: cancel.signal }).catch(() => undefined),
      )
    })
    await aborted
    expect(reason).toMatchObject({ code: 'client_closed' })
  })

  it('is counted by its true outcome', async () => {
    const { client, metrics } = await start({ classify: fakeClassify().classify })
    await client.modelInfer(inferenceOf('love'))
    await failureOf(client.modelInfer(inferenceOf(' ')))
    const text = await metrics.registry.metrics()
    const route = 'route="/inference.GRPCInferenceService/ModelInfer"'
    expect(text).toContain(`http_requests_total{method="POST",${route},status="200",ok="true"} 1`)
    expect(text).toContain(`http_requests_total{method="POST",${route},status="422",ok="false"} 1`)
    expect(text).toContain('polarity_answers_total{dialect="grpc"} 1')
  })
})
