import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createTestApp } from '../../fakes.ts'
import { readBinary } from './v2-binary.ts'

const FOLDER = join(import.meta.dirname, '../../fixtures/clients')

const NEGATIVE = { label: 'NEGATIVE', score: 0.1 }
const POSITIVE = { label: 'POSITIVE', score: 0.9 }
const HATE = [
  { label: 'NEGATIVE', score: 0.8 },
  { label: 'POSITIVE', score: 0.2 },
]

/**
 * What these clients sent, byte for byte: huggingface_hub 2.4.0, @huggingface/inference 4.13.30,
 * tritonclient[http], kserve and mlserver from PyPI.
 */
function send(name: string) {
  const bytes = readFileSync(join(FOLDER, `${name}.http`))
  const end = bytes.indexOf('\r\n\r\n')
  const [line = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const [method = '', path = ''] = line.split(' ')
  const headers = lines.map((one): [string, string] => {
    const [name = '', value = ''] = one.split(/: (.*)/)
    return [name, value]
  })
  const body = new Uint8Array(bytes.subarray(end + 4))
  return createTestApp().request(path, { method, headers, ...(body.length > 0 && { body }) })
}

it.each([
  ['huggingface-hub', [[POSITIVE, NEGATIVE]]],
  ['huggingface-hub-top-k', [[POSITIVE]]],
  ['huggingface-hub-predict', [[POSITIVE, NEGATIVE]]],
  ['huggingface-inference', [[POSITIVE, NEGATIVE]]],
  ['huggingface-inference-top-k', [[POSITIVE]]],
  ['kserve-live', { status: 'alive' }],
  ['kserve-v1', { predictions: [[NEGATIVE, POSITIVE], HATE] }],
  ['kserve-v1-ready', { name: 'polarity', ready: true }],
  ['kserve-v2-ready', { ready: true }],
  ['kserve-v2', { outputs: [{ data: ['POSITIVE', 'NEGATIVE'] }, {}, {}] }],
  ['kserve-v2-binary', { outputs: [{ data: ['POSITIVE', 'NEGATIVE'] }, {}, {}] }],
  ['tritonclient-json', { id: 'r1', outputs: [{ name: 'score', data: [0.9, 0.8] }] }],
  ['tritonclient-index', [{ name: 'fake', state: 'READY' }]],
])('%s reads what it is answered', async (name, answer) => {
  const response = await send(name)
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject(answer)
})

it.each(['tritonclient', 'tritonclient-gzip', 'tritonclient-deflate', 'mlserver'])(
  '%s reads the bytes that it is answered',
  async (name) => {
    const response = await send(name)
    expect(response.status).toBe(200)
    expect(await readBinary(response)).toMatchObject({ label: ['POSITIVE', 'NEGATIVE'] })
  },
)

it('tritonclient-classes reads the classes that it is answered', async () => {
  const response = await send('tritonclient-classes')
  expect(await readBinary(response)).toEqual({
    probabilities: ['0.9:1:POSITIVE', '0.8:0:NEGATIVE'],
  })
})
