import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import {
  AutoModelForSequenceClassification,
  env,
  LogLevel,
  type PreTrainedModel,
  Tensor,
} from '@huggingface/transformers'
import { ModelError, reasonOf } from './model-error.ts'
import { softmax } from './softmax.ts'
import { windowsOf } from './tokenizer/windows.ts'

/** The token ids of the texts of a batch, one text after the other, special tokens included. */
export interface Rows {
  readonly ids: Int32Array
  /** Tokens of each text: more than the model takes are two windows, one after the other. */
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
  /** Tokens that the model takes at once. */
  readonly maxTokens: number
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
export async function openLogits({ folder, padId, maxTokens }: InferenceOptions): Promise<Logits> {
  const { sessions } = await loadWeights(folder)
  return inWindows(toLogits(sessions.model, padId), maxTokens)
}

/** Takes longer texts than a graph does: as two rows, whose logits are averaged. */
export function inWindows(logits: Logits, maxTokens: number): Logits {
  return async ({ ids, lengths }) => {
    if (Math.max(...lengths) <= maxTokens) return await logits({ ids, lengths })
    const windows = lengths.map((length) => windowsOf(length, maxTokens))
    const found = await logits({ ids, lengths: windows.flat() })
    const rest = found.values()
    return windows.map(({ length }) => meanOf([...rest.take(length)]))
  }
}

/** The mean of each column. */
const meanOf = (rows: readonly (readonly number[])[]): number[] =>
  (rows[0] ?? []).map((_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / rows.length)

/** What is used of onnxruntime's `InferenceSession`. */
export interface Session {
  readonly inputNames: readonly string[]
  run(feeds: Record<string, unknown>): Promise<{ readonly logits: { readonly data: Float32Array } }>
}

/** Runs batches on the session itself: the library's own call adds up to a tenth to one short text. */
export function toLogits(session: Session, padId: number): Logits {
  // A graph of BERT's has three inputs; every text here is of one part.
  const hasParts = session.inputNames.includes('token_type_ids')
  return async (rows) => {
    const { lengths } = rows
    const shape = [lengths.length, Math.max(...lengths)]
    const { ids, mask } = toMatrices(rows, padId)
    const toTensor = (values: BigInt64Array) => new Tensor('int64', values, shape).ort_tensor
    const { logits } = await session.run({
      input_ids: toTensor(ids),
      attention_mask: toTensor(mask),
      ...(hasParts && { token_type_ids: toTensor(new BigInt64Array(ids.length)) }),
    })
    const labels = logits.data.length / lengths.length
    return lengths.map((_, row) => [...logits.data.subarray(row * labels, (row + 1) * labels)])
  }
}

/** The token ids and the attention mask, each row as wide as the longest. */
function toMatrices({ ids, lengths }: Rows, padId: number) {
  const width = Math.max(...lengths)
  const padded = new BigInt64Array(lengths.length * width)
  const mask = new BigInt64Array(padded.length)
  if (padId !== 0) padded.fill(BigInt(padId))
  // No id has more than 31 bits: the lower halves are written alone, for a BigInt costs ten numbers.
  const idHalves = new Int32Array(padded.buffer)
  const maskHalves = new Int32Array(mask.buffer)
  let from = 0
  for (const [row, length] of lengths.entries()) {
    for (let i = 0; i < length; i++) {
      const at = 2 * (row * width + i)
      idHalves[at] = ids[from + i] ?? padId
      maskHalves[at] = 1
    }
    from += length
  }
  return { ids: padded, mask }
}

/**
 * Has the library hand the weights to the runtime by their path, as it would do anyway: on its own way
 * there it reads the file once for nothing, and that memory of each session is not given back.
 */
function weightsIn(folder: string) {
  const pathOf = (name: string) => join(folder, 'onnx', basename(name))
  const isThere = (name: string) => name.endsWith('.onnx') && existsSync(pathOf(name))
  return {
    match: async (name: string) => (isThere(name) ? pathOf(name) : undefined),
    put: async () => undefined,
  }
}

function loadWeights(folder: string): Promise<PreTrainedModel> {
  // It prints what it thinks of a model; this process prints log lines alone.
  env.logLevel = LogLevel.NONE
  env.allowRemoteModels = false
  env.localModelPath = dirname(folder)
  env.useCustomCache = true
  env.customCache = weightsIn(folder)
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
