import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict'
import { z } from 'zod'
import { type Check, type Target, unseen } from './target.ts'

const Problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  request_id: z.string(),
  errors: z
    .array(z.strictObject({ path: z.string(), message: z.string().min(1) }))
    .min(1)
    .optional(),
})

interface Rejection {
  readonly name: string
  readonly status: number
  readonly code: string
  request(target: Target): Promise<Response>
}

const TOO_LARGE = JSON.stringify({ text: ['a'.repeat(2_100_000)] })

const inChunks = (target: Target) =>
  fetch(`${target.url}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new Blob([TOO_LARGE]).stream(),
    duplex: 'half',
  })

/** Rejected bodies of `POST /predict`, by error code. */
const BODIES = {
  malformed_json: {
    status: 400,
    bodies: {
      'malformed JSON': '{"text":',
      'an empty body': '',
      'invalid UTF-8': new Uint8Array([0x7b, 0x22, 0x74, 0xff, 0xfe, 0x22, 0x7d]),
    },
  },
  invalid_request: {
    status: 422,
    bodies: {
      'an array': '[]',
      'a string instead of a list': '{"text":"x"}',
      'a number in the list': '{"text":[1]}',
      'null in the list': '{"text":["a",null]}',
      'a list in the list': '{"text":[["a"]]}',
      'no text': '{}',
      'an unknown field': '{"text":["a"],"txet":1}',
      'a blank text': JSON.stringify({ text: ['ok', ' \n\t '] }),
      'too many texts': JSON.stringify({ text: Array(1025).fill('a') }),
      'too long a text': JSON.stringify({ text: ['a'.repeat(20_001)] }),
      'too many tokens and `truncate: false`': JSON.stringify({
        text: ['word '.repeat(900)],
        truncate: false,
      }),
    },
  },
  payload_too_large: { status: 413, bodies: { 'too large a body': TOO_LARGE } },
} as const

const REJECTIONS: readonly Rejection[] = [
  ...Object.entries(BODIES).flatMap(([code, { status, bodies }]) =>
    Object.entries(bodies).map(([name, body]) => ({
      name,
      status,
      code,
      request: (target: Target) => target.send(body),
    })),
  ),
  {
    name: 'too large a body without a Content-Length',
    status: 413,
    code: 'payload_too_large',
    request: inChunks,
  },
  {
    name: 'an unsupported Content-Type',
    status: 415,
    code: 'unsupported_media_type',
    request: (target) => target.send('<a/>', { 'content-type': 'application/xml' }),
  },
  {
    name: 'GET /predict',
    status: 405,
    code: 'method_not_allowed',
    request: (target) => target.get('/predict'),
  },
  {
    name: 'an unknown path',
    status: 404,
    code: 'not_found',
    request: (target) => target.get('/nope'),
  },
]

async function rejects(target: Target, { status, code, request }: Rejection): Promise<void> {
  const response = await request(target)
  equal(response.status, status)
  match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
  const problem = Problem.parse(await response.json())
  deepEqual([problem.status, problem.code], [status, code])
  equal(problem.errors !== undefined, status === 422, '`errors` is only for 422')
  if (status === 405) match(response.headers.get('allow') ?? '', /\bPOST\b/)
}

/** Checks of rejected requests, which get problem details (RFC 9457). */
export const ERRORS: readonly Check[] = [
  ...REJECTIONS.map((rejection) => ({
    name: `${rejection.status} ${rejection.code} for ${rejection.name}`,
    run: (target: Target) => rejects(target, rejection),
  })),
  {
    name: '4xx for a deeply nested body, and no crash',
    async run(target) {
      const { status } = await target.send(`{"text":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)
      ok(status === 400 || status === 422, `status ${status}`)
      equal((await target.get('/health')).status, 200)
    },
  },
  {
    name: 'an error with the index of the invalid text, that quotes no text',
    async run(target) {
      const answer = await (await target.ask([unseen('secret'), ' '])).text()
      match(answer, /"path":"text\[1\]"/)
      doesNotMatch(answer, /secret/)
    },
  },
]
