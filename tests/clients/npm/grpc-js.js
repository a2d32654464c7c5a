// @grpc/grpc-js: gRPC's own client for Node, with the service's definitions.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { credentials, loadPackageDefinition, Metadata, status } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { run } from './checks.js'

const { GRPC_TARGET: target, GUARDED_GRPC_TARGET: guardedTarget, KEY: key } = process.env

const FOLDER = join(import.meta.dirname, '../../../app/http/grpc')
const { inference, grpc } = loadPackageDefinition(
  loadSync(['open_inference.proto', 'health.proto'], { includeDirs: [FOLDER], enums: String }),
)
const open = new inference.GRPCInferenceService(target, credentials.createInsecure())
const guarded = new inference.GRPCInferenceService(guardedTarget, credentials.createInsecure())
const health = new grpc.health.v1.Health(target, credentials.createInsecure())

const TEXTS_PER_MINUTE = 60

const requestOf = (...texts) => ({
  modelName: 'sst2-minilm',
  inputs: [
    {
      name: 'text',
      datatype: 'BYTES',
      shape: [texts.length],
      contents: { bytesContents: texts.map((text) => Buffer.from(text)) },
    },
  ],
})

const call = (client, method, ...given) => promisify(client[method].bind(client))(...given)

const infer = (client, ...given) => call(client, 'ModelInfer', ...given)

const labelsOf = ({ outputs }) => outputs[0].contents.bytesContents.map(String)

/** The error of a call that must fail. */
const errorOf = (answer) =>
  answer.then(
    (response) => assert.fail(`${JSON.stringify(response)} in place of an error`),
    (error) => error,
  )

const withKey = (value) => {
  const metadata = new Metadata()
  metadata.set('authorization', `Bearer ${value}`)
  return metadata
}

await run('@grpc/grpc-js', {
  async 'it is live, ready and serving'() {
    assert.equal((await call(open, 'ServerLive', {})).live, true)
    assert.equal((await call(open, 'ServerReady', {})).ready, true)
    assert.equal((await call(health, 'Check', {})).status, 'SERVING')
  },
  async 'a batch in order'() {
    const answer = await infer(open, requestOf('I love you.', 'I hate you.', 'I love you.'))
    assert.deepEqual(labelsOf(answer), ['POSITIVE', 'NEGATIVE', 'POSITIVE'])
  },
  async 'messages in gzip'() {
    const zipping = new inference.GRPCInferenceService(target, credentials.createInsecure(), {
      'grpc.default_compression_algorithm': 2,
    })
    const answer = await infer(zipping, requestOf(...Array(100).fill('I love you.')))
    assert.equal(labelsOf(answer).length, 100)
  },
  async 'a blank text is refused with a reason'() {
    const error = await errorOf(infer(open, requestOf('I love you.', ' ')))
    assert.equal(error.code, status.INVALID_ARGUMENT)
    assert.match(error.details, /blank/)
  },
  async 'a message too large is refused with a reason'() {
    const error = await errorOf(infer(open, requestOf('a'.repeat(3_000_000))))
    assert.equal(error.code, status.RESOURCE_EXHAUSTED)
    assert.match(error.details, /2000000 bytes/)
  },
  async 'an unknown method is said to be none'() {
    const method = '/inference.GRPCInferenceService/ModelConfig'
    const error = await errorOf(
      promisify(open.makeUnaryRequest.bind(open))(method, () => Buffer.alloc(0), String, {}),
    )
    assert.equal(error.code, status.UNIMPLEMENTED)
  },
  async 'an unknown key is refused with a reason'() {
    const error = await errorOf(infer(guarded, requestOf('I love you.'), withKey('unknown')))
    assert.equal(error.code, status.UNAUTHENTICATED)
    assert.match(error.details, /key/)
  },
  async 'the rate limit says when to come back'() {
    const batch = requestOf(...Array(TEXTS_PER_MINUTE).fill('I love you.'))
    await infer(guarded, batch, withKey(key))
    const error = await errorOf(infer(guarded, batch, withKey(key)))
    assert.equal(error.code, status.RESOURCE_EXHAUSTED)
    const [seconds] = error.metadata.get('retry-after')
    assert.ok(Number(seconds) >= 1 && Number(seconds) <= 60, `retry-after is ${seconds}`)
  },
})
process.exit(0)
