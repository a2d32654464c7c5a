import { type ErrorCode, PROBLEMS } from '../errors.ts'
import type { Router } from './router.ts'
import { Problem } from './schema.ts'

const text = (description: string, example?: string) => ({
  description,
  schema: { type: 'string' as const, ...(example && { example }) },
})

/** On every answer. */
export const REQUEST_ID_HEADER = {
  'X-Request-Id': text("The request's own if it is valid, else generated"),
}

/** On the answers of routes with a rate limit. */
export const RATE_LIMIT_HEADERS = {
  RateLimit: text('What is left of the rate limit, if there is one', '"texts";r=940;t=4'),
  'RateLimit-Policy': text('The rate limit, if there is one', '"texts";q=1000;w=60'),
}

const RETRY_AFTER = { 'Retry-After': text('Seconds after which to try again', '1') }

/** Headers that come with an error beside the request id, by status. */
const PROBLEM_HEADERS: { readonly [status: number]: Record<string, ReturnType<typeof text>> } = {
  401: { 'WWW-Authenticate': text('What the service takes', 'Bearer realm="polarity"') },
  405: { Allow: text('The methods that the route takes', 'POST') },
  415: { 'Accept-Encoding': text('The encodings of bodies that the service reads') },
  429: { ...RETRY_AFTER, ...RATE_LIMIT_HEADERS },
  503: RETRY_AFTER,
}

/** Either scheme of `describeKeys`. */
export const KEY_SECURITY = [{ bearer: [] }, { apiKey: [] }]

/** Adds the ways to send an API key to the document. */
export function describeKeys({ openAPIRegistry }: Router): void {
  openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key of this service',
  })
  openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'The same, for clients that have another use for Authorization',
  })
}

/** The document but for its routes. */
export const documentOf = (version: string) => ({
  openapi: '3.1.0',
  info: {
    title: 'Polarity',
    version,
    description:
      'Sentiment of English texts. Every failure is a problem document (RFC 9457), those of ' +
      'unknown paths (404) and of other methods than those listed (405, with `Allow`) too; but in ' +
      'the protocols of other servers, which have their own.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/', description: 'Where this document comes from' }],
  tags: [
    { name: 'Sentiment', description: 'What the service is for' },
    { name: 'Dialects', description: 'The same in the protocols of other servers' },
    { name: 'Operations', description: 'Probes, and what is being served' },
  ],
  security: [],
})

/** The body of the errors of a dialect, or of the service's own. */
interface ErrorForm<Schema> {
  readonly type: 'application/json' | 'application/problem+json'
  readonly schema: Schema
  exampleOf(code: ErrorCode): object
}

/** The error responses of a route, by status; codes that share a status share a response. */
export const problemResponses = (codes: readonly ErrorCode[]) => errorResponses(codes, PROBLEM)

/** As `problemResponses`, in another form. */
export function errorResponses<Schema>(codes: readonly ErrorCode[], form: ErrorForm<Schema>) {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of codes) {
    const { status } = PROBLEMS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, shared]) => [
      status,
      {
        headers: { ...REQUEST_ID_HEADER, ...PROBLEM_HEADERS[status] },
        description: shared.map((code) => `\`${code}\`: ${PROBLEMS[code].when}`).join(' '),
        content: { [form.type]: { schema: form.schema, examples: examplesOf(shared, form) } },
      },
    ]),
  )
}

const examplesOf = <Schema>(codes: readonly ErrorCode[], { exampleOf }: ErrorForm<Schema>) =>
  Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }]))

const PROBLEM: ErrorForm<typeof Problem> = {
  type: 'application/problem+json',
  schema: Problem,
  exampleOf: (code) => ({
    type: `urn:polarity:problem:${code}`,
    title: PROBLEMS[code].title,
    status: PROBLEMS[code].status,
    detail: 'What went wrong, in one sentence.',
    code,
    request_id: 'req-42',
    ...(code === 'invalid_request' && {
      errors: [{ path: 'text[1]', message: 'Must not be blank.' }],
    }),
  }),
}
