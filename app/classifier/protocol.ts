import type { Batch } from '../../model/session.ts'

/** To a worker: the texts of one batch, one batch at a time, or the wish that it end. */
export type WorkerRequest =
  | { readonly type: 'batch'; readonly texts: readonly string[] }
  | { readonly type: 'close' }

/** From a worker: it is warm, or a batch is done, or a batch threw and the worker goes on. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'batch'; readonly batch: Batch }
  | { readonly type: 'failed'; readonly error: Error }
