import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { z } from 'zod'
import { AppError, type Issue, PROBLEMS, toAppError } from '../errors.ts'
import { rateLimitHeaders } from './rate-limit-headers.ts'
import type { RequestEnv } from './request-env.ts'
import { requestIdHeader } from './request-id.ts'

/** Bounds the size of the response to a hostile request. */
const MAX_ISSUES = 20
const MAX_NAME_LENGTH = 64

/** Any thrown error as a problem details response (RFC 9457), or with the body of its request's dialect. */
export function toProblem(c: Context<RequestEnv>, error: unknown): Response {
  const known = toKnown(error)
  const dialect = c.get('dialect')
  return new Response(JSON.stringify(dialect?.errorBody(known) ?? toBody(c, known)), {
    status: PROBLEMS[known.code].status,
    headers: {
      ...known.headers,
      ...requestIdHeader(c),
      ...rateLimitHeaders(c),
      'content-type': dialect ? 'application/json' : 'application/problem+json',
    },
  })
}

function toBody(c: Context<RequestEnv>, { code, message, issues }: AppError) {
  const { status, title } = PROBLEMS[code]
  return {
    type: `urn:polarity:problem:${code}`,
    title,
    status,
    detail: message,
    code,
    request_id: c.get('requestId'),
    ...(issues && { errors: issues }),
  }
}

/** Any thrown error as an `AppError`; the framework's own 413 keeps its status. */
function toKnown(error: unknown): AppError {
  if (error instanceof HTTPException && error.status === 413) {
    return new AppError('payload_too_large', 'The body is too large.', { cause: error })
  }
  return toAppError(error)
}

/**
 * Validation errors of a schema for bodies like `example`. Echoes nothing that the client sent but names
 * of fields.
 */
export function toInvalidRequest(error: z.ZodError, example: string): AppError {
  return invalidRequest(error.issues.flatMap((issue) => toIssues(issue, example)))
}

/** What is wrong with a request. */
export function invalidRequest(issues: readonly Issue[], cause?: unknown): AppError {
  const more = issues.length - MAX_ISSUES
  const detail = issues.length === 1 ? 'One thing is wrong' : `${issues.length} things are wrong`
  const rest = more > 0 ? `; the first ${MAX_ISSUES} are listed` : ''
  return new AppError('invalid_request', `${detail} with the request${rest}.`, {
    issues: issues.slice(0, MAX_ISSUES),
    cause,
  })
}

function toIssues(issue: z.core.$ZodIssue, example: string): Issue[] {
  if (issue.code !== 'unrecognized_keys') {
    const message = issue.path.length === 0 ? `Must be an object like ${example}.` : issue.message
    return [{ path: toPath(issue.path), message }]
  }
  return issue.keys.map((key) => ({
    path: key.slice(0, MAX_NAME_LENGTH),
    message: 'Unknown field.',
  }))
}

/** `['text', 1]` as `text[1]`. */
function toPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => {
    if (typeof key === 'number') return `${name}[${key}]`
    return name === '' ? String(key) : `${name}.${String(key)}`
  }, '')
}
