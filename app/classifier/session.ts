import { basename, dirname } from 'node:path'
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  env,
  type PreTrainedModel,
  type PreTrainedTokenizer,
  Tensor,
} from '@huggingface/transformers'
import type { Batch, Run, WorkerOptions } from './protocol.ts'
import { toRuns } from './runs.ts'
import { softmax } from './softmax.ts'

interface Encoded {
  readonly ids: readonly number[]
  readonly truncated: boolean
}

/** Loads tokenizer and weights from a folder alone, and returns what classifies a list of texts. */
export async function openSession(
  options: WorkerOptions,
): Promise<(texts: readonly string[]) => Promise<Batch>> {
  env.allowRemoteModels = false
  env.localModelPath = dirname(options.folder)
  const name = basename(options.folder)
  const [tokenizer, model] = await Promise.all([
    AutoTokenizer.from_pretrained(name, { local_files_only: true }),
    AutoModelForSequenceClassification.from_pretrained(name, {
      local_files_only: true,
      dtype: 'q8',
      device: 'cpu',
      // One thread a session, one session a core: more threads only wait for each other.
      session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
    }),
  ])
  const padId = tokenizer.pad_token_id ?? 0

  return async (texts) => {
    const startedAt = performance.now()
    const rows = texts.map((text) => encode(tokenizer, text, options.maxTokens))
    const tokenizedAt = performance.now()

    const scores: number[][] = new Array(texts.length)
    const runs: Run[] = []
    const lengths = rows.map((row) => row.ids.length)
    for (const run of toRuns(lengths, options.maxRunTokens)) {
      const inputs = run.map((row) => rows[row]?.ids ?? [])
      const answers = await infer(model, inputs, padId)
      for (const [i, row] of run.entries()) scores[row] = answers[i] ?? []
      runs.push(measure(inputs))
    }

    return {
      scores,
      truncated: rows.map((row) => row.truncated),
      runs,
      tokenizeMs: tokenizedAt - startedAt,
      inferenceMs: performance.now() - tokenizedAt,
    }
  }
}

/**
 * Token ids of one text, special tokens included, cut to `maxTokens`.
 * The library's own truncation drops the closing `[SEP]`, which the model was trained to see.
 */
function encode(tokenizer: PreTrainedTokenizer, text: string, maxTokens: number): Encoded {
  // The cache's key is made of UTF-8, where a lone surrogate is U+FFFD: read what was hashed.
  const ids = tokenizer.encode(text.toWellFormed())
  if (ids.length <= maxTokens) return { ids, truncated: false }
  return { ids: [...ids.slice(0, maxTokens - 1), ...ids.slice(-1)], truncated: true }
}

/** Softmax of one run: shape (rows, labels). */
async function infer(
  model: PreTrainedModel,
  rows: readonly (readonly number[])[],
  padId: number,
): Promise<number[][]> {
  const width = Math.max(...rows.map((row) => row.length))
  const ids = new BigInt64Array(rows.length * width).fill(BigInt(padId))
  const mask = new BigInt64Array(rows.length * width)
  for (const [i, row] of rows.entries()) {
    ids.set(row.map(BigInt), i * width)
    mask.fill(1n, i * width, i * width + row.length)
  }

  const shape = [rows.length, width]
  const { logits } = await model({
    input_ids: new Tensor('int64', ids, shape),
    attention_mask: new Tensor('int64', mask, shape),
  })
  return logits.tolist().map(softmax)
}

function measure(rows: readonly (readonly number[])[]): Run {
  const tokens = rows.reduce((sum, row) => sum + row.length, 0)
  const width = Math.max(...rows.map((row) => row.length))
  return { texts: rows.length, tokens, padding: rows.length * width - tokens }
}
