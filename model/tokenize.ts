import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AutoTokenizer, env } from '@huggingface/transformers'
import { z } from 'zod'
import { ModelError, reasonOf } from './model-error.ts'

/** One tokenized text. */
interface TokenizedText {
  /** Token ids, special tokens included. */
  readonly ids: readonly number[]
  /** Whether the text was over `maxTokens`, and was cut. */
  readonly truncated: boolean
}

export interface Tokenizer {
  encode(text: string): TokenizedText
}

/** The normalizer settings in `tokenizer.json`. */
const Settings = z.object({
  normalizer: z
    .object({
      type: z.string(),
      handle_chinese_chars: z.boolean().optional(),
      lowercase: z.boolean().optional(),
    })
    .nullish(),
})

type Settings = z.infer<typeof Settings>

/**
 * Loads the tokenizer of a model folder. Its ids equal those of the Python tokenizer; texts are
 * truncated to `maxTokens`, special tokens included. Throws a `ModelError` if it can't be loaded.
 */
export async function openTokenizer(folder: string, maxTokens: number): Promise<Tokenizer> {
  env.allowRemoteModels = false
  env.localModelPath = dirname(folder)
  const [tokenizer, settings] = await Promise.all([
    AutoTokenizer.from_pretrained(basename(folder), { local_files_only: true }),
    readSettings(join(folder, 'tokenizer.json')),
  ]).catch((cause) => {
    throw new ModelError(`the tokenizer can't be loaded: ${reasonOf(cause)}`, { cause })
  })
  const prepare = preparationFor(settings)

  return {
    encode(text) {
      // Cache keys hash UTF-8, where a lone surrogate is U+FFFD: tokenize the same text.
      const ids = tokenizer.encode(prepare(text.toWellFormed()))
      if (ids.length <= maxTokens) return { ids, truncated: false }
      // The library's own truncation drops the closing [SEP], which the model was trained to see.
      return { ids: [...ids.slice(0, maxTokens - 1), ...ids.slice(-1)], truncated: true }
    },
  }
}

const readSettings = async (path: string): Promise<Settings> =>
  Settings.parse(JSON.parse(await readFile(path, 'utf8')))

/** CJK ideographs outside the basic plane: BERT's `_is_chinese_char`, from U+20000 up. */
const RARE_IDEOGRAPHS =
  /[\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b820}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu

/**
 * Works around two differences of the library's normalizer to Python's: it handles UTF-16 units, so
 * it puts no spaces around rare ideographs, and it lower-cases whole strings, which turns a final
 * sigma into ς.
 */
function preparationFor({ normalizer }: Settings): (text: string) => string {
  if (normalizer?.type !== 'BertNormalizer') return (text) => text
  const spaced = (text: string) => text.replace(RARE_IDEOGRAPHS, ' $& ')
  const lowered = (text: string) => text.replaceAll('Σ', 'σ')
  const steps = [
    ...(normalizer.handle_chinese_chars ? [spaced] : []),
    ...(normalizer.lowercase ? [lowered] : []),
  ]
  return (text) => steps.reduce((prepared, step) => step(prepared), text)
}
