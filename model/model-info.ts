import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { Contents, Files, ModelLocation } from './catalog.ts'
import { contentsOf } from './digest.ts'
import { isLfsPointer } from './lfs.ts'
import { type ModelCard, readModelCard } from './model-card.ts'
import { ModelError } from './model-error.ts'
import { loadSelfTest, type SelfTestRow } from './self-test.ts'
import { whyNotPinned } from './verify.ts'

/** Everything about a model that the service says or depends on, read from its files. */
export interface ModelInfo {
  readonly id: string
  readonly source: string
  /** Of the weights that are part of this repository; null for others. */
  readonly version: string | null
  readonly revision: string | null
  readonly folder: string
  readonly dtype: 'q8'
  /** In class-id order. */
  readonly labels: readonly string[]
  /** Tokens read of one text, special tokens included. */
  readonly maxTokens: number
  /** The token that fills a row up to the width of its batch. */
  readonly padId: number
  /** What the files hold, by their path. */
  readonly files: Files
  /** SHA-256 in hex over weights, tokenizer, dtype and labels. */
  readonly digest: string
  /** Whether the catalog pins every file, and has this very one. */
  readonly verified: boolean
  /** Texts whose answers are known; none where the folder has none. */
  readonly selfTest: readonly SelfTestRow[]
  /** What the folder says of the model; undefined where it says nothing. */
  readonly card: ModelCard | undefined
}

/** The files that decide an answer. */
const MODEL_FILES = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'onnx/model_quantized.onnx',
] as const

const DTYPE = 'q8'

/** What encoders of this kind read at most; attention over more would take gigabytes. */
const MOST_TOKENS = 8192
/** [CLS], a word and [SEP]. */
const LEAST_TOKENS = 3

const ModelConfig = z.object({
  model_type: z.string(),
  id2label: z.record(z.string(), z.string()),
  max_position_embeddings: z.number().int().min(LEAST_TOKENS).max(MOST_TOKENS),
  pad_token_id: z.number().int().min(0).default(0),
})

const TokenizerConfig = z.object({ model_max_length: z.number().min(LEAST_TOKENS) })

/** Reads and digests a model's files. Throws a `ModelError` that names the file that is missing or makes no sense. */
export async function readModelInfo({ id, folder, entry }: ModelLocation): Promise<ModelInfo> {
  const files = await readFiles(folder)
  const config = await readValidated(folder, 'config.json', ModelConfig)
  const tokenizer = await readValidated(folder, 'tokenizer_config.json', TokenizerConfig)
  const labels = Object.entries(config.id2label)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, label]) => label)
  const parts = Object.entries(files).map(([file, { sha256 }]) => `${file} ${sha256}`)
  const digest = createHash('sha256')
    .update([...parts, DTYPE, ...labels].join('\n'))
    .digest('hex')

  return {
    id,
    source: entry?.repository ?? 'a local folder',
    version: entry?.version ?? null,
    revision: entry?.revision ?? null,
    folder,
    dtype: DTYPE,
    labels,
    maxTokens: maxTokensOf(config, tokenizer),
    padId: config.pad_token_id,
    files,
    digest,
    verified: Boolean(entry?.files) && !whyNotPinned(entry, { files, digest }),
    selfTest: await loadSelfTest(folder),
    card: await readModelCard(folder),
  }
}

async function readFiles(folder: string): Promise<Files> {
  const files: Record<string, Contents> = {}
  for (const file of MODEL_FILES) files[file] = await readContents(folder, file)
  return files
}

async function readContents(folder: string, file: string): Promise<Contents> {
  const path = join(folder, file)
  const contents = await contentsOf(path).catch((cause) => {
    throw new ModelError(`${basename(folder)} has no ${file}`, { cause })
  })
  if (!(await isLfsPointer(path))) return contents
  throw new ModelError(`${basename(folder)}/${file} is a Git LFS pointer, not the file itself`)
}

/** RoBERTa numbers its positions from the padding id up, so some of them hold no token. */
function maxTokensOf(
  config: z.infer<typeof ModelConfig>,
  tokenizer: z.infer<typeof TokenizerConfig>,
): number {
  const offset = config.model_type.includes('roberta') ? config.pad_token_id + 1 : 0
  const positions = config.max_position_embeddings - offset
  if (positions < LEAST_TOKENS) {
    throw new ModelError(`config.json: pad_token_id ${config.pad_token_id} leaves no positions`)
  }
  return Math.floor(Math.min(positions, tokenizer.model_max_length))
}

async function readValidated<S extends z.ZodType>(
  folder: string,
  file: string,
  schema: S,
): Promise<z.infer<S>> {
  const path = `${basename(folder)}/${file}`
  const text = await readFile(join(folder, file), 'utf8')
  const result = schema.safeParse(parse(text, path))
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new ModelError(`${path}: ${issue?.path.join('.')}: ${issue?.message}`)
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ModelError(`${path} is not JSON`, { cause })
  }
}
