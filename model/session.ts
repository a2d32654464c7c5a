import { basename, dirname } from 'node:path'
import {
  AutoModelForSequenceClassification,
  env,
  type PreTrainedModel,
  Tensor,
} from '@huggingface/transformers'
import { toRuns } from './runs.ts'
import { softmax } from './softmax.ts'
import { openTokenizer } from './tokenize.ts'

/** Which model a session runs, and how. */
export interface SessionOptions {
  /** Folder with `config.json`, the tokenizer and `onnx/model_quantized.onnx`. */
  readonly folder: string
  /** Tokens that the model reads of one text, special tokens included. */
  readonly maxTokens: number
  /** Tokens in one run of the model, unless a single text is longer. */
  readonly maxRunTokens: number
}

/** One run of the model: `texts` rows padded to the longest, `tokens` real and `padding` not. */
interface Run {
  readonly texts: number
  readonly tokens: number
  readonly padding: number
}

/** What a session made of a list of texts, in the order of the list. */
export interface Batch {
  readonly scores: readonly (readonly number[])[]
  readonly truncated: readonly boolean[]
  readonly runs: readonly Run[]
  /** Milliseconds. */
  readonly tokenizeMs: number
  readonly inferenceMs: number
}

/** Loads tokenizer and weights from a folder alone, and returns what classifies a list of texts. */
export async function openSession(
  options: SessionOptions,
): Promise<(texts: readonly string[]) => Promise<Batch>> {
  const [tokenizer, model] = await Promise.all([
    openTokenizer(options.folder, options.maxTokens),
    openModel(options.folder),
  ])

  return async (texts) => {
    const startedAt = performance.now()
    const rows = texts.map((text) => tokenizer.encode(text))
    const tokenizedAt = performance.now()

    const scores: number[][] = new Array(texts.length)
    const runs: Run[] = []
    const lengths = rows.map((row) => row.ids.length)
    for (const run of toRuns(lengths, options.maxRunTokens)) {
      const inputs = run.map((row) => rows[row]?.ids ?? [])
      const answers = await infer(model, inputs, tokenizer.padId)
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

function openModel(folder: string): Promise<PreTrainedModel> {
  env.allowRemoteModels = false
  env.localModelPath = dirname(folder)
  return AutoModelForSequenceClassification.from_pretrained(basename(folder), {
    local_files_only: true,
    dtype: 'q8',
    device: 'cpu',
    // One thread a session, one session a core: more threads only wait for each other.
    session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
  })
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
