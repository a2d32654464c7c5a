import { type ErrorCode, PROBLEMS } from '../errors.ts'
import { Problem } from './schema.ts'

/** The error responses of a route, by status; codes that share a status share a response. */
export function problemResponses(codes: readonly ErrorCode[]) {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of codes) {
    const { status } = PROBLEMS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries([...byStatus].map(([status, shared]) => [status, toResponse(shared)]))
}

const toResponse = (codes: readonly ErrorCode[]) => ({
  description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].when}`).join(' '),
  content: {
    'application/problem+json': {
      schema: Problem,
      examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
    },
  },
})

const exampleOf = (code: ErrorCode) => ({
  type: `urn:polarity:problem:${code}`,
  title: PROBLEMS[code].title,
  status: PROBLEMS[code].status,
  detail: 'What went wrong, in one sentence.',
  code,
  request_id: 'req-42',
  ...(code === 'invalid_request' && {
    errors: [{ path: 'text[1]', message: 'Must not be blank.' }],
  }),
})
