/** To a worker thread: run one input, or exit once the queued inputs are done. */
export type ThreadRequest<Input> =
  | { readonly type: 'run'; readonly input: Input }
  | { readonly type: 'close' }

/** From a worker thread: first `ready`, or `refused` if the model is not fit to serve; then for each input `done`, sent at a time of the wall clock, or `failed`. */
export type ThreadMessage<Output, Ready> =
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'ready'; readonly ready: Ready }
  | { readonly type: 'done'; readonly output: Output; readonly sentAt: number }
  | { readonly type: 'failed'; readonly error: ErrorFields }

/** A thread gave no output in time. */
export class WorkerHung extends Error {
  override readonly name = 'WorkerHung'
}

/**
 * What of an error crosses threads. Its other properties may not be cloneable, and structured clone
 * turns the name of an error class that it does not know into "Error".
 */
export interface ErrorFields {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
}

/** The token ids of a list of texts, and how long tokenization took. */
export interface TokenizedTexts {
  /** All texts concatenated, special tokens included. */
  readonly ids: Int32Array
  /** Tokens of each text. */
  readonly lengths: readonly number[]
  /** Whether each text was over the model's token limit, and was cut. */
  readonly truncated: readonly boolean[]
  /** Milliseconds. */
  readonly tokenizeMs: number
}

/** The model's output for one batch. */
export interface InferredBatch {
  /** Softmax, shape (texts, labels). */
  readonly scores: readonly (readonly number[])[]
  /** Milliseconds. */
  readonly inferenceMs: number
}
