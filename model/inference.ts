import { basename, dirname } from 'node:path'
import {
  AutoModelForSequenceClassification,
  env,
  LogLevel,
  type PreTrainedModel,
  Tensor,
} from '@huggingface/transformers'
import { ModelError, reasonOf } from './model-error.ts'
import { softmax } from './softmax.ts'

/** The token ids of the texts of a batch, one text after the other, special tokens included. */
export interface Rows {
  readonly ids: Int32Array
  /** Tokens of each text. */
  readonly lengths: readonly number[]
}

/** Runs one batch; resolves with the logits as the float32 that they are, shape (texts, labels). */
export type Logits = (rows: Rows) => Promise<number[][]>

/** Runs one batch; resolves with the softmax, shape (texts, labels). */
export type Infer = (rows: Rows) => Promise<number[][]>

export interface InferenceOptions {
  /** Folder with `config.json` and `onnx/model_quantized.onnx`. */
  readonly folder: string
  readonly padId: number
}

/** The same session, asked for scores. */
export const toInfer =
  (logits: Logits): Infer =>
  async (rows) =>
    (await logits(rows)).map(softmax)

export const openInference = async (options: InferenceOptions): Promise<Infer> =>
  toInfer(await openLogits(options))

/**
 * Loads the weights of a folder, and nothing from anywhere else. Not warm: the first run is slow.
 * Throws a `ModelError` if they can't be loaded.
 */
export async function openLogits({ folder, padId }: InferenceOptions): Promise<Logits> {
  const model = await loadWeights(folder)

  return async ({ ids, lengths }) => {
    const width = Math.max(...lengths)
    const padded = new BigInt64Array(lengths.length * width).fill(BigInt(padId))
    const mask = new BigInt64Array(padded.length)
    let from = 0
    for (const [row, length] of lengths.entries()) {
      const start = row * width
      for (let i = 0; i < length; i++) padded[start + i] = BigInt(ids[from + i] ?? padId)
      mask.fill(1n, start, start + length)
      from += length
    }

    const shape = [lengths.length, width]
    const { logits } = await model({
      input_ids: new Tensor('int64', padded, shape),
      attention_mask: new Tensor('int64', mask, shape),
    })
    return logits.tolist()
  }
}

function loadWeights(folder: string): Promise<PreTrainedModel> {
  // Where a run fails the library prints its inputs, which are a client's text in numbers.
  env.logLevel = LogLevel.NONE
  env.allowRemoteModels = false
  env.localModelPath = dirname(folder)
  return AutoModelForSequenceClassification.from_pretrained(basename(folder), {
    local_files_only: true,
    dtype: 'q8',
    device: 'cpu',
    // One thread a session, one session a core: more threads only wait for each other.
    session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
  }).catch((cause) => {
    throw new ModelError(`the weights can't be loaded: ${reasonOf(cause)}`, { cause })
  })
}
