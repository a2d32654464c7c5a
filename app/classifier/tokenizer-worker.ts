import { workerData } from 'node:worker_threads'
import { openTokenizer } from '../../model/tokenize.ts'
import type { Encoded } from './protocol.ts'
import { lowerPriority, serveThread } from './serve-thread.ts'

export interface TokenizerWorkerOptions {
  readonly folder: string
  readonly maxTokens: number
}

// Above inference, which waits for it; below the event loop.
lowerPriority(5)
const options: TokenizerWorkerOptions = workerData
const tokenizer = await openTokenizer(options.folder, options.maxTokens)

serveThread<readonly string[], Encoded, null>({
  ready: null,
  run(texts) {
    const startedAt = performance.now()
    const rows = texts.map((text) => tokenizer.encode(text))
    const lengths = rows.map((row) => row.ids.length)
    const ids = Int32Array.from(rows.flatMap((row) => row.ids))
    const truncated = rows.map((row) => row.truncated)
    const tokenizeMs = performance.now() - startedAt
    return { output: { ids, lengths, truncated, tokenizeMs }, transfer: [ids.buffer] }
  },
})
