// @huggingface/inference: InferenceClient on text classification.
import assert from 'node:assert/strict'
import { InferenceClient, InferenceClientProviderApiError } from '@huggingface/inference'
import { run } from './checks.js'

const { URL: url, GUARDED_URL: guardedUrl, KEY: key } = process.env

// More than a minute's texts: a limit of 60 a minute refuses one of them.
const MOST_CALLS = 6000

const client = new InferenceClient(undefined, { endpointUrl: url })
const guarded = new InferenceClient(key, { endpointUrl: guardedUrl })

const labelsOf = (answer) => answer.map(({ label }) => label)

/** The client's own error of a call that must fail. */
async function errorOf(call) {
  const error = await call().then(
    (answer) => assert.fail(`${JSON.stringify(answer)} in place of an error`),
    (reason) => reason,
  )
  assert.ok(error instanceof InferenceClientProviderApiError, `${error}`)
  return error
}

async function refused() {
  for (let i = 0; i < MOST_CALLS; i++) {
    await guarded.textClassification({ inputs: 'I love you.' })
  }
}

const CHECKS = {
  async 'every label, best first'() {
    const love = await client.textClassification({ inputs: 'I love you.' })
    const hate = await client.textClassification({ inputs: 'I hate you.' })
    assert.deepEqual(labelsOf(love), ['POSITIVE', 'NEGATIVE'])
    assert.deepEqual(labelsOf(hate), ['NEGATIVE', 'POSITIVE'])
  },
  async 'the address of an endpoint'() {
    for (const address of [url, `${url}/`]) {
      const endpoint = new InferenceClient().endpoint(address)
      const answer = await endpoint.textClassification({ inputs: 'I love you.' })
      assert.equal(answer[0].label, 'POSITIVE')
    }
  },
  async parameters() {
    const parameters = { top_k: 1, function_to_apply: 'softmax' }
    const answer = await client.textClassification({ inputs: 'I love you.', parameters })
    assert.deepEqual(labelsOf(answer), ['POSITIVE'])
  },
  async 'a blank text is refused with a reason'() {
    const error = await errorOf(() => client.textClassification({ inputs: ' ' }))
    assert.equal(error.httpResponse.status, 422)
    assert.match(error.message, /blank/i)
  },
  async 'a key'() {
    const answer = await guarded.textClassification({ inputs: 'I love you.' })
    assert.equal(answer[0].label, 'POSITIVE')
  },
  async 'an unknown key is refused with a reason'() {
    const stranger = new InferenceClient('unknown', { endpointUrl: guardedUrl })
    const error = await errorOf(() => stranger.textClassification({ inputs: 'I love you.' }))
    assert.equal(error.httpResponse.status, 401)
    assert.match(error.message, /key/i)
  },
  async 'the rate limit is told with a reason'() {
    const error = await errorOf(refused)
    assert.equal(error.httpResponse.status, 429)
    assert.match(error.message, /rate limit/i)
  },
}

await run('@huggingface/inference', CHECKS)
