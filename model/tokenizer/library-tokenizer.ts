import { basename, dirname } from 'node:path'
import { z } from 'zod'
import type { Encode, Reading } from './tokenized-text.ts'
import { toTokenizedText } from './windows.ts'

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
 * The library's tokenizer of a model folder, of whatever class (BPE, Unigram, ...). It reads a whole
 * text whatever the limit, and some texts take it seconds.
 */
export async function openLibraryTokenizer(
  folder: string,
  contents: unknown,
  reading: Reading,
): Promise<Encode> {
  // Half a second and 60 MB, which the tokenizers that we have ourselves do without.
  const { AutoTokenizer, env } = await import('@huggingface/transformers')
  env.allowRemoteModels = false
  env.localModelPath = dirname(folder)
  const tokenizer = await AutoTokenizer.from_pretrained(basename(folder), {
    local_files_only: true,
  })
  const prepare = preparationFor(Settings.parse(contents))

  return (text) => {
    // The library's own truncation drops the closing [SEP], which the model was trained to see.
    const [first = 0, ...ids] = tokenizer.encode(prepare(text))
    const last = ids.pop() ?? first
    return toTokenizedText(ids, { first, last }, reading)
  }
}

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
