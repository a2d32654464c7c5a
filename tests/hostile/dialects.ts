import { gzipSync } from 'node:zlib'
import { ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { type Answer, all, ask, askOn, type Headers, tally } from './client.ts'
import type { Circumstances, Part } from './part.ts'
import { createRandom } from './random.ts'

const INFER = '/v2/models/polarity/infer'
const LENGTH = 'inference-header-content-length'
const MEGABYTES_2 = 1_990_000
const MUTANTS = 400
/** Of `/health` while bodies are read. */
const HEALTH_MS = 50

interface Sent {
  readonly path: string
  readonly body: Buffer
  readonly headers?: Headers
}

/** A request of the Open Inference Protocol whose texts are bytes behind its JSON. */
function binary(shape: unknown, bytes: Buffer, size: unknown = bytes.byteLength): Sent {
  const parameters = { binary_data_size: size }
  const inputs = [{ name: 'text', shape, datatype: 'BYTES', parameters }]
  const json = Buffer.from(JSON.stringify({ inputs, parameters: { binary_data_output: true } }))
  const headers = { [LENGTH]: String(json.byteLength) }
  return { path: INFER, body: Buffer.concat([json, bytes]), headers }
}

const lengths = (...values: number[]) => Buffer.from(new Uint32Array(values).buffer)
const json = (path: string, text: string): Sent => ({
  path,
  body: Buffer.from(text),
  headers: { 'content-type': 'application/json' },
})
const deep = (open: string, depth: number, close: string) =>
  open.repeat(depth) + close.repeat(depth)

/** What must be refused, each in the words of its dialect. */
const REFUSED: Record<string, () => Sent> = {
  'a text of 4 GB': () => binary([1], lengths(0xffffffff)),
  'a text that ends a byte late': () => binary([1], Buffer.concat([lengths(2), Buffer.from('a')])),
  'half a length': () => binary([1], Buffer.alloc(2)),
  'a billion texts': () => binary([1_000_000_000], lengths(0)),
  'a billion times a billion texts': () => binary([1e9, 1e9], lengths(0)),
  'half a million empty texts': () => binary([497_500], Buffer.alloc(MEGABYTES_2)),
  'a thousand empty texts': () => binary([1000], Buffer.alloc(4000)),
  'two megabytes that nobody counts': () => binary([0], Buffer.alloc(MEGABYTES_2)),
  'a negative shape': () => binary([-1], lengths(0)),
  'a shape of a fraction': () => binary([0.5], lengths(0)),
  'a shape of strings': () => binary(['1'], lengths(0)),
  'a shape of a thousand dimensions': () => binary(Array(1000).fill(1), lengths(0)),
  'a negative size': () => binary([1], lengths(0), -4),
  'a size beyond 2^53': () => binary([1], lengths(0), 1e300),
  'a size of text': () => binary([1], lengths(0), '4'),
  'bytes that are no UTF-8': () =>
    binary([1], Buffer.concat([lengths(4), Buffer.from([0xf0, 0x80, 0x80, 0x80])])),
  'JSON beyond the end': () => ({ ...binary([1], lengths(0)), headers: { [LENGTH]: '99999999' } }),
  'JSON of a negative length': () => ({ ...binary([1], lengths(0)), headers: { [LENGTH]: '-1' } }),
  'JSON of a length of 400 digits': () => ({
    ...binary([1], lengths(0)),
    headers: { [LENGTH]: '9'.repeat(400) },
  }),
  'JSON of two lengths': () => ({ ...binary([1], lengths(0)), headers: { [LENGTH]: ['2', '3'] } }),
  'a bomb of bytes': () => ({
    path: INFER,
    body: gzipSync(Buffer.alloc(100_000_000)),
    headers: { [LENGTH]: '2', 'content-encoding': 'gzip' },
  }),
  'nested data': () => json(INFER, `{"inputs":[{"data":${deep('[', 900_000, ']')}}]}`),
  'a little nested data': () =>
    json(
      INFER,
      `{"inputs":[{"name":"a","shape":[1],"datatype":"BYTES","data":${deep('[', 1900, ']')}}]}`,
    ),
  'a million tensors': () => json(INFER, `{"inputs":[${'{},'.repeat(600_000)}{}]}`),
  'nested inputs': () => json('/', `{"inputs":${deep('[', 1900, ']')}}`),
  'many pairs': () => json('/predict', `{"inputs":[${'["a","b"],'.repeat(190_000)}["a","b"]]}`),
  'half a million instances': () =>
    json('/v1/models/polarity:predict', `{"instances":[${'"a",'.repeat(490_000)}"a"]}`),
  'instances of a prototype': () =>
    json('/v1/models/polarity:predict', '{"__proto__":{"instances":["a"]}}'),
}

/** What other servers' clients send, made to hurt. */
export const dialects: Part = async (circumstances) => {
  const env = { MODEL: TINY_MODEL, WORKERS: '1', DRAIN_SECONDS: '0' }
  const service = await new ServiceProcess(circumstances.runtime, env).ready()
  try {
    for (const [name, make] of Object.entries(REFUSED))
      await sendWhileAsked(service, circumstances, { name, sent: make() })
    await mutate(service, circumstances)
  } finally {
    await service.stop()
  }
}

const send = ({ url }: ServiceProcess, { path, body, headers = {} }: Sent): Promise<Answer> =>
  ask(url, { path, body, headers })

async function sendWhileAsked(
  service: ServiceProcess,
  { runtime, report, slack }: Circumstances,
  { name, sent }: { name: string; sent: Sent },
): Promise<void> {
  const health = askOn(() => ask(service.url), 4)
  const answer = await send(service, sent)
  const probes = await health.stop()
  const slowest = Math.max(0, ...probes.map(({ ms }) => ms))
  report.add({
    attack: `${runtime} dialects: ${name}`,
    held:
      all([answer], 400, 413, 422) &&
      isError(answer) &&
      all(probes, 200) &&
      slowest < HEALTH_MS * slack,
    figure: `${answer.status}, /health at most ${slowest.toFixed(0)} ms`,
    bound: `400, 413 or 422 in the dialect's words, ${HEALTH_MS * slack} ms`,
  })
}

/** `{"error": …}`, or a problem. */
function isError({ text }: Answer): boolean {
  try {
    const { error, detail } = JSON.parse(text)
    // At /predict nobody knows the dialect of a body that is not parsed.
    return typeof (error ?? detail) === 'string'
  } catch {
    return false
  }
}

/** Requests in bytes, of which some byte is another one, is missing, or is there twice. */
async function mutate(service: ServiceProcess, { runtime, report, seed }: Circumstances) {
  const random = createRandom(seed)
  const answers: Answer[] = []
  for (let i = 0; i < MUTANTS; i++) {
    const { path, body, headers } = binary([2], strings('I love it', 'no 😀'))
    const at = random(body.byteLength)
    const changed = [
      Buffer.concat([body.subarray(0, at), body.subarray(at + 1)]),
      Buffer.concat([body.subarray(0, at), body.subarray(at > 0 ? at - 1 : 0)]),
      Buffer.from(body.map((byte, j) => (j === at ? random(256) : byte))),
    ][random(3)]
    answers.push(await send(service, { path, headers: headers ?? {}, body: changed ?? body }))
  }
  const refused = answers.filter(({ status }) => status !== 200)
  report.add({
    attack: `${runtime} dialects: ${MUTANTS} requests in bytes with one byte wrong`,
    held: all(answers, 200, 400, 422) && refused.every(isError),
    figure: tally(answers),
    bound: '200, 400 or 422',
  })
}

const strings = (...texts: string[]) =>
  Buffer.concat(texts.flatMap((text) => [lengths(Buffer.byteLength(text)), Buffer.from(text)]))
