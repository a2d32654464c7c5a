/** To a worker thread: one input at a time, or the wish that it end. */
export type ThreadRequest<Input> =
  | { readonly type: 'run'; readonly input: Input }
  | { readonly type: 'close' }

/** From a worker thread: it is warm, or will not be for a reason; an input is done, or it threw. */
export type ThreadMessage<Output, Ready> =
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'ready'; readonly ready: Ready }
  | { readonly type: 'done'; readonly output: Output }
  | { readonly type: 'failed'; readonly error: Error }

/** The token ids of a list of texts, and how long it took to find them. */
export interface TokenizedTexts {
  /** All texts, one after the other, special tokens included. */
  readonly ids: Int32Array
  /** Tokens of each text. */
  readonly lengths: readonly number[]
  /** Whether each text had more tokens than the model reads. */
  readonly truncated: readonly boolean[]
  /** Milliseconds. */
  readonly tokenizeMs: number
}

/** What the model made of one batch. */
export interface InferredBatch {
  /** Softmax, shape (texts, labels). */
  readonly scores: readonly (readonly number[])[]
  /** Milliseconds. */
  readonly inferenceMs: number
}
