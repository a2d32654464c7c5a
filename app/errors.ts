/** Every failure a client can see: the HTTP status it travels with, and its title (RFC 9457). */
export const PROBLEMS = {
  malformed_json: { status: 400, title: 'The body is not JSON' },
  unauthorized: { status: 401, title: 'An API key is needed' },
  forbidden: { status: 403, title: 'This API key may not do this' },
  not_found: { status: 404, title: 'Nothing lives here' },
  method_not_allowed: { status: 405, title: 'This method is not served here' },
  payload_too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  invalid_request: { status: 422, title: 'The request does not fit the schema' },
  overloaded: { status: 429, title: 'Too many texts are waiting' },
  rate_limited: { status: 429, title: 'Too many texts from this caller' },
  // nginx's status; nobody is there to read it, but it must not count as the service's failure.
  client_closed: { status: 499, title: 'The caller left before the answer was ready' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  not_ready: { status: 503, title: 'Not ready to serve' },
  deadline_exceeded: { status: 504, title: 'The deadline passed before the answer was ready' },
} as const

export type ErrorCode = keyof typeof PROBLEMS

export const ERROR_CODES = Object.keys(PROBLEMS) as readonly ErrorCode[]

/** One thing wrong with a request: where (`text[1]`), and why. Never repeats what the client sent. */
export interface Issue {
  readonly path: string
  readonly message: string
}

interface AppErrorOptions extends ErrorOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly issues?: readonly Issue[]
}

/** A failure that a client may act on. Anything else that is thrown is a bug, and travels as `internal`. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly headers: Readonly<Record<string, string>>
  readonly issues: readonly Issue[] | undefined

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
    this.headers = options.headers ?? {}
    this.issues = options.issues
  }
}

/** Whatever was thrown, as an `AppError`. A bug keeps its story as the cause, for the log alone. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError('internal', 'The request failed; the log has the reason.', { cause: error })
}
