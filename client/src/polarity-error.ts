import type { Problem } from './wire.ts'

/**
 * What only a client sees: nobody answered (`unreachable`), or too late (`timeout`), or with what is no
 * answer of the service (`unexpected_answer`, a gateway's for example), or from another address
 * (`redirected`).
 */
type OwnCode = 'unreachable' | 'timeout' | 'unexpected_answer' | 'redirected'

/** The codes that are known now; a newer service may have more. */
export type ErrorCode = Problem['code'] | OwnCode | (string & Record<never, never>)

/** What is wrong with one part of the request. */
export interface Issue {
  /** `text[3]` is the fourth text of the caller's own list. */
  readonly path: string
  readonly message: string
}

export interface PolarityErrorInit {
  readonly code: ErrorCode
  readonly detail: string
  readonly status?: number | undefined
  readonly type?: string | undefined
  readonly title?: string | undefined
  readonly errors?: readonly Issue[] | undefined
  readonly positions?: readonly number[] | undefined
  readonly retryAfter?: number | undefined
  readonly requestId?: string | undefined
  readonly cause?: unknown
}

/** Why there is no prediction: a problem that the service describes (RFC 9457), or one on the way to it. */
export class PolarityError extends Error {
  override readonly name = 'PolarityError'
  readonly code: ErrorCode
  /** Of the HTTP answer; `undefined` if there was none. */
  readonly status: number | undefined
  /** A URI that names the kind of problem; `about:blank` if there is none. */
  readonly type: string
  readonly title: string
  readonly detail: string
  /** One for each thing that is wrong with the request, as far as the service lists them. */
  readonly errors: readonly Issue[]
  /** Indexes in the caller's own list of the texts to blame; empty if it is not known to be a text's fault. */
  readonly positions: readonly number[]
  /** Seconds after which the service wants to be asked again. */
  readonly retryAfter: number | undefined
  /** By which the service's log knows the request. */
  readonly requestId: string | undefined

  constructor(init: PolarityErrorInit) {
    const { cause, detail, errors = [] } = init
    const message = errors.length > 0 ? toSentence(errors) : detail
    super(message, cause === undefined ? undefined : { cause })
    this.code = init.code
    this.status = init.status
    this.type = init.type ?? 'about:blank'
    this.title = init.title ?? 'No answer'
    this.detail = detail
    this.errors = errors
    this.positions = init.positions ?? []
    this.retryAfter = init.retryAfter
    this.requestId = init.requestId
  }
}

/** What is wrong, as in `text[3]: Must not be blank.` */
export const toSentence = (errors: readonly Issue[]): string =>
  errors.map(({ path, message }) => `${path}: ${message}`).join(' ')
