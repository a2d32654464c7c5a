import { workerData } from 'node:worker_threads'
import type { ModelInfo } from '../../model/model-info.ts'
import { openTokenizer } from '../../model/tokenize.ts'
import type { Reading } from '../../model/tokenizer/tokenized-text.ts'
import { checkTokenizer } from '../../model/warm-up.ts'
import type { TokenizedTexts } from './messages.ts'
import { tokenizeTexts } from './tokenize-texts.ts'
import { lowerPriority, runWorkerLoop, warming } from './worker-loop.ts'

export type TokenizerWorkerOptions = Pick<ModelInfo, 'folder' | 'selfTest'> & Reading

// Above inference, which waits for tokens; below the event loop.
lowerPriority(10)
await warming(async () => {
  const options: TokenizerWorkerOptions = workerData
  const tokenizer = await openTokenizer(options.folder, options)
  checkTokenizer(tokenizer, options.selfTest)

  runWorkerLoop<readonly string[], TokenizedTexts, null>({
    ready: null,
    run: (texts) => tokenizeTexts(tokenizer, texts),
  })
})
