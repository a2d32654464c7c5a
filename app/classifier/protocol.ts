/** What a worker thread is started with. */
export interface WorkerOptions {
  /** Folder with `config.json`, the tokenizer and `onnx/model_quantized.onnx`. */
  readonly folder: string
  /** Tokens that the model reads of one text, special tokens included. */
  readonly maxTokens: number
  /** Tokens in one run of the model, unless a single text is longer. */
  readonly maxRunTokens: number
}

/** One run of the model: `texts` rows padded to the longest, `tokens` real and `padding` not. */
export interface Run {
  readonly texts: number
  readonly tokens: number
  readonly padding: number
}

/** What a worker made of a list of texts, in the order of the list. */
export interface Batch {
  readonly scores: readonly (readonly number[])[]
  readonly truncated: readonly boolean[]
  readonly runs: readonly Run[]
  /** Milliseconds. */
  readonly tokenizeMs: number
  readonly inferenceMs: number
}

/** To a worker: the texts of one batch, one batch at a time, or the wish that it end. */
export type WorkerRequest =
  | { readonly type: 'batch'; readonly texts: readonly string[] }
  | { readonly type: 'close' }

/** From a worker: it is warm, or a batch is done, or a batch threw and the worker goes on. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'batch'; readonly batch: Batch }
  | { readonly type: 'failed'; readonly error: Error }
