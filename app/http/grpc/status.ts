import type { Context } from 'hono'
import { type ErrorCode, PROBLEMS, toAppError } from '../../errors.ts'
import { inOneLine } from '../dialect.ts'
import { toProblem } from '../problem.ts'
import { rateLimitHeaders } from '../rate-limit-headers.ts'
import type { RequestEnv } from '../request-env.ts'
import { requestIdHeader } from '../request-id.ts'

/** The statuses of gRPC that the service has. */
const STATUSES = {
  OK: 0,
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const

type Status = keyof typeof STATUSES

const BY_CODE: Readonly<Record<ErrorCode, Status>> = {
  malformed_json: 'INVALID_ARGUMENT',
  malformed_request: 'INVALID_ARGUMENT',
  unauthorized: 'UNAUTHENTICATED',
  not_found: 'NOT_FOUND',
  method_not_allowed: 'UNIMPLEMENTED',
  request_timeout: 'DEADLINE_EXCEEDED',
  payload_too_large: 'RESOURCE_EXHAUSTED',
  unsupported_media_type: 'UNIMPLEMENTED',
  expectation_failed: 'INVALID_ARGUMENT',
  invalid_request: 'INVALID_ARGUMENT',
  overloaded: 'RESOURCE_EXHAUSTED',
  rate_limited: 'RESOURCE_EXHAUSTED',
  headers_too_large: 'RESOURCE_EXHAUSTED',
  client_closed: 'CANCELLED',
  internal: 'INTERNAL',
  not_ready: 'UNAVAILABLE',
  deadline_exceeded: 'DEADLINE_EXCEEDED',
  unsupported_http_version: 'INTERNAL',
}

const GRPC_TYPE = /^application\/grpc\b/i

/** What a response of gRPC has that is no error. */
export const OK = { 'content-type': 'application/grpc', 'grpc-status': String(STATUSES.OK) }

/**
 * Any thrown error by gRPC's status, with that of HTTP for log and metrics: the server sends 200. To
 * clients that don't speak gRPC it is an error of HTTP.
 */
export function toGrpcError(c: Context<RequestEnv>, error: unknown, status?: Status): Response {
  if (!GRPC_TYPE.test(c.req.header('content-type') ?? '')) return toProblem(c, error)
  const known = toAppError(error)
  const { code } = known
  // Over HTTP/1 some errors end the connection. Here others share it.
  const { Connection: _, ...headers } = known.headers
  return new Response(null, {
    status: PROBLEMS[code].status,
    headers: {
      ...headers,
      ...requestIdHeader(c),
      ...rateLimitHeaders(c),
      'content-type': OK['content-type'],
      'grpc-status': String(STATUSES[status ?? BY_CODE[code]]),
      'grpc-message': encodeURIComponent(inOneLine(known).toWellFormed()),
    },
  })
}
