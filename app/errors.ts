/**
 * Every error a client can get: HTTP status, that status's title (RFC 9457), and when it occurs.
 */
export const PROBLEMS = {
  malformed_json: { status: 400, title: 'Bad Request', when: 'The body is not JSON.' },
  malformed_request: {
    status: 400,
    title: 'Bad Request',
    when: 'The request is not valid HTTP.',
  },
  unauthorized: { status: 401, title: 'Unauthorized', when: 'The API key is missing or unknown.' },
  not_found: { status: 404, title: 'Not Found', when: 'No route has this path.' },
  method_not_allowed: {
    status: 405,
    title: 'Method Not Allowed',
    when: 'The route takes another method.',
  },
  request_timeout: {
    status: 408,
    title: 'Request Timeout',
    when: 'The request took too long to arrive.',
  },
  payload_too_large: { status: 413, title: 'Content Too Large', when: 'The request is too large.' },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported Media Type',
    when: 'The Content-Type is not JSON.',
  },
  expectation_failed: {
    status: 417,
    title: 'Expectation Failed',
    when: 'The request expects something other than 100-continue.',
  },
  invalid_request: {
    status: 422,
    title: 'Unprocessable Content',
    when: 'The request does not match the schema.',
  },
  overloaded: { status: 429, title: 'Too Many Requests', when: 'The service sheds load.' },
  rate_limited: {
    status: 429,
    title: 'Too Many Requests',
    when: 'The caller is over its rate limit.',
  },
  headers_too_large: {
    status: 431,
    title: 'Request Header Fields Too Large',
    when: 'The head of the request is too large.',
  },
  // nginx's status: no client reads it, but it keeps disconnects out of the 5xx counts.
  client_closed: {
    status: 499,
    title: 'Client Closed Request',
    when: 'The client disconnected before the response.',
  },
  internal: {
    status: 500,
    title: 'Internal Server Error',
    when: 'A bug; the log has the details.',
  },
  not_ready: {
    status: 503,
    title: 'Service Unavailable',
    when: 'The service is starting or draining.',
  },
  deadline_exceeded: {
    status: 504,
    title: 'Gateway Timeout',
    when: 'The deadline passed before the response was ready.',
  },
  unsupported_http_version: {
    status: 505,
    title: 'HTTP Version Not Supported',
    when: 'The request is neither HTTP/1.1 nor HTTP/1.0.',
  },
} as const

export type ErrorCode = keyof typeof PROBLEMS

export const ERROR_CODES = Object.keys(PROBLEMS) as readonly ErrorCode[]

/** One validation error: where (`text[1]`), and why. Never echoes what the client sent. */
export interface Issue {
  readonly path: string
  readonly message: string
}

/**
 * Why a request is refused with 429: the queue is full, its turn would come too late, its answer would
 * be later than its deadline, too many bodies are being read, or its caller has had its share.
 */
export const SHED_REASONS = [
  'queue_full',
  'queue_wait',
  'deadline',
  'bodies',
  'rate_limit',
] as const

export type ShedReason = (typeof SHED_REASONS)[number]

interface AppErrorOptions extends ErrorOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly issues?: readonly Issue[]
  readonly shed?: ShedReason
}

/**
 * An error that is reported to the client. Anything else that is thrown is a bug, reported as
 * `internal`.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly headers: Readonly<Record<string, string>>
  readonly issues: readonly Issue[] | undefined
  /** Set for every 429. */
  readonly shed: ShedReason | undefined

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
    this.headers = options.headers ?? {}
    this.issues = options.issues
    this.shed = options.shed
  }
}

/**
 * Any thrown value as an `AppError`. A bug becomes `internal`, with the original as its cause for
 * the log.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError('internal', 'Internal error; see the server log.', { cause: error })
}
