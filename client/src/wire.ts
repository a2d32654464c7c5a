// Written by `npm run client:types` from the schemas of the service: do not edit.

export interface Info {
  readonly name: 'polarity'
  readonly version: string
  readonly model: {
    readonly id: string
    readonly source: string
    /** Version of the weights; null where the service does not bring them. */
    readonly version: string | null
    readonly revision: string | null
    readonly digest: string
    readonly dtype: string
    readonly labels: readonly string[]
    readonly max_tokens: number
  }
  /** Services of one model with the same class give the same scores to 1e-5. */
  readonly numerics: string
  /** What is read of a text that has more tokens than the model takes. */
  readonly long_texts: 'truncate' | 'window'
  readonly limits: {
    readonly max_texts: number
    readonly max_chars: number
    readonly max_body_bytes: number
    readonly max_queue_tokens: number
    readonly max_queue_seconds: number
    readonly max_batch_tokens: number
    readonly request_timeout_seconds: number
  }
  /** Rows that `POST /predict` answers while they are being sent. */
  readonly streaming: {
    readonly content_types: readonly string[]
    readonly max_row_bytes: number
    readonly max_streams: number
  }
  readonly workers: number
  readonly cache: {
    readonly tiers: readonly string[]
  }
}

export interface PredictResponse {
  readonly predictions: readonly (readonly LabelScore[])[]
}

export interface LabelScore {
  readonly label: string
  readonly score: number
}

export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code:
    | 'malformed_json'
    | 'malformed_request'
    | 'unauthorized'
    | 'not_found'
    | 'method_not_allowed'
    | 'request_timeout'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'expectation_failed'
    | 'invalid_request'
    | 'overloaded'
    | 'rate_limited'
    | 'headers_too_large'
    | 'client_closed'
    | 'internal'
    | 'not_ready'
    | 'deadline_exceeded'
    | 'unsupported_http_version'
  readonly request_id: string
  /** Validation errors; only for status 422. */
  readonly errors?: readonly {
    readonly path: string
    readonly message: string
  }[]
}

export interface PredictRequest {
  readonly text: readonly string[]
  /** Read a part only of texts over the token limit (`X-Truncated` lists them), as is done by default; if false, reject them. */
  readonly truncate?: boolean
}
