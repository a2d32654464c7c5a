import { workerData } from 'node:worker_threads'
import { openTokenizer } from '../../model/tokenize.ts'
import type { Encoded } from './protocol.ts'
import { lowerPriority, serveThread } from './serve-thread.ts'

export interface TokenizerWorkerOptions {
  readonly folder: string
  readonly maxTokens: number
}

// Above inference, which waits for it; below the event loop.
lowerPriority(10)
const options: TokenizerWorkerOptions = workerData
const tokenizer = await openTokenizer(options.folder, options.maxTokens)

serveThread<readonly string[], Encoded, null>({
  ready: null,
  run(texts) {
    const startedAt = performance.now()
    const rows = texts.map((text) => tokenizer.encode(text))
    return {
      ids: Int32Array.from(rows.flatMap((row) => row.ids)),
      lengths: rows.map((row) => row.ids.length),
      truncated: rows.map((row) => row.truncated),
      tokenizeMs: performance.now() - startedAt,
    }
  },
})
