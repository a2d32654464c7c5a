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
    /** What programs need of `GET /model`; null where the model has no card. */
    readonly card: {
      /** Scores of the last of two labels between which an answer is unsure. */
      readonly unsure: readonly number[] | null
      readonly limits: string | null
    } | null
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
  /** Of a request with `explain`: texts at most, and words of each; null: it is off. */
  readonly explanations: {
    readonly max_texts: number
    readonly max_words: number
  } | null
  readonly workers: number
  readonly cache: {
    readonly tiers: readonly string[]
  }
}

export interface PredictResponse {
  readonly predictions: readonly (readonly LabelScore[])[]
  /** With `explain`, one per text. */
  readonly explanations?: readonly Explanation[]
}

export interface LabelScore {
  readonly label: string
  readonly score: number
}

export interface Explanation {
  readonly label: string
  /** The score of the label, for the whole text. */
  readonly base: number
  /** In the order of the text; of a long one, those of the passages that push most. */
  readonly words: readonly WordPush[]
  /** All parts of a text with too many words, which are its sentences or several. */
  readonly passages?: readonly PassagePush[]
}

export interface WordPush {
  /** In UTF-16 code units. */
  readonly from: number
  /** Exclusive. */
  readonly to: number
  readonly text: string
  /** The score of the text less that of the text without this part. */
  readonly push: number
}

export interface PassagePush {
  /** In UTF-16 code units. */
  readonly from: number
  /** Exclusive. */
  readonly to: number
  /** The score of the text less that of the text without this part. */
  readonly push: number
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
  /** Say how far each word pushes the score of a label: of the last one, or of that named. Each word costs as much as a text; `GET /info` has how many texts and words may be asked for, or null where explanations are off. */
  readonly explain?: boolean | {
    readonly label: string
  }
}
