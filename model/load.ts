import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { CatalogEntry } from './catalog.ts'

/** Everything about a model that the service says or depends on, read from its files. */
export interface Model {
  readonly id: string
  readonly source: string
  readonly revision: string | null
  readonly folder: string
  readonly dtype: 'q8'
  /** In class-id order. */
  readonly labels: readonly string[]
  /** Tokens read of one text, special tokens included. */
  readonly maxTokens: number
  /** SHA-256 in hex over weights, tokenizer, dtype and labels. */
  readonly digest: string
}

/** The files that decide an answer. */
const MODEL_FILES = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'onnx/model_quantized.onnx',
] as const

const DTYPE = 'q8'

const ModelConfig = z.object({
  model_type: z.string(),
  id2label: z.record(z.string(), z.string()),
  max_position_embeddings: z.number().int(),
  pad_token_id: z.number().int().default(0),
})

const TokenizerConfig = z.object({ model_max_length: z.number() })

/** Reads and digests a model's files. Throws with the file's name if one is missing or makes no sense. */
export async function loadModel(entry: CatalogEntry): Promise<Model> {
  const [config, tokenizer, digests] = await Promise.all([
    readJson(entry.folder, 'config.json', ModelConfig),
    readJson(entry.folder, 'tokenizer_config.json', TokenizerConfig),
    Promise.all(MODEL_FILES.map((file) => digestOf(join(entry.folder, file)))),
  ])
  const labels = Object.entries(config.id2label)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, label]) => label)
  const parts = [...MODEL_FILES.map((file, i) => `${file} ${digests[i]}`), DTYPE, ...labels]

  return {
    id: entry.id,
    source: entry.source,
    revision: entry.revision,
    folder: entry.folder,
    dtype: DTYPE,
    labels,
    maxTokens: Math.min(positions(config), tokenizer.model_max_length),
    digest: createHash('sha256').update(parts.join('\n')).digest('hex'),
  }
}

/** RoBERTa numbers its positions from the padding id up, so two of them hold no token. */
function positions(config: z.infer<typeof ModelConfig>): number {
  const offset = config.model_type.includes('roberta') ? config.pad_token_id + 1 : 0
  return config.max_position_embeddings - offset
}

async function readJson<S extends z.ZodType>(
  folder: string,
  file: string,
  schema: S,
): Promise<z.infer<S>> {
  const path = join(folder, file)
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new Error(`${basename(folder)}/${file} can't be read`, { cause })
  }
}

async function digestOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}
