import { z } from 'zod'
import type { Frame } from './windows.ts'

const Id = z.number().int().min(0)

const Normalizer = z.object({
  type: z.literal('BertNormalizer'),
  clean_text: z.boolean(),
  handle_chinese_chars: z.boolean(),
  /** Not said: as `lowercase`. */
  strip_accents: z.boolean().nullish(),
  lowercase: z.boolean(),
})

/** A record of ids by piece. Checked by hand: zod would copy 30,000 entries. */
const Vocabulary = z.custom<Readonly<Record<string, number>>>(
  (value) => isRecord(value) && Object.values(value).every(Number.isSafeInteger),
)

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const WordPiece = z
  .object({
    /** Older files have none. */
    type: z.literal('WordPiece').optional(),
    unk_token: z.string(),
    continuing_subword_prefix: z.string(),
    /** Code points; a longer word is unknown. */
    max_input_chars_per_word: z.number().int().min(1).default(100),
    vocab: Vocabulary,
  })
  .refine(({ vocab, unk_token }) => Object.hasOwn(vocab, unk_token))

/** A token that is found in the text as it came, and takes nothing from around it. */
const AddedToken = z.object({
  id: Id,
  content: z.string().min(1),
  single_word: z.literal(false),
  lstrip: z.literal(false),
  rstrip: z.literal(false),
  normalized: z.literal(false),
})

const BertProcessing = z
  .object({
    type: z.literal('BertProcessing'),
    cls: z.tuple([z.string(), Id]),
    sep: z.tuple([z.string(), Id]),
  })
  .transform(({ cls: [, first], sep: [, last] }): Frame => ({ first, last }))

const SpecialToken = z
  .object({ SpecialToken: z.object({ id: z.string() }) })
  .transform((token) => token.SpecialToken.id)

const TheText = z.object({ Sequence: z.object({ id: z.literal('A') }) })

const Template = z
  .object({
    type: z.literal('TemplateProcessing'),
    single: z.tuple([SpecialToken, TheText, SpecialToken]),
    special_tokens: z.record(z.string(), z.object({ ids: z.array(Id) })),
  })
  .transform(({ single: [first, , last], special_tokens }) => ({
    first: special_tokens[first]?.ids,
    last: special_tokens[last]?.ids,
  }))
  .pipe(
    z
      .object({ first: z.tuple([Id]), last: z.tuple([Id]) })
      .transform(({ first: [first], last: [last] }): Frame => ({ first, last })),
  )

/**
 * What of `tokenizer.json` decides the ids of a text, where it is a tokenizer of the BERT class. A
 * tokenizer of another class does not match, nor does one with a part that is not understood.
 */
export const BertSettings = z.object({
  added_tokens: z.array(AddedToken),
  normalizer: Normalizer,
  pre_tokenizer: z.object({ type: z.literal('BertPreTokenizer') }),
  model: WordPiece,
  post_processor: z.union([BertProcessing, Template]),
})

export type BertSettings = z.infer<typeof BertSettings>
