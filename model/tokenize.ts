import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelError, reasonOf } from './model-error.ts'
import { createBertTokenizer } from './tokenizer/bert-tokenizer.ts'
import { openLibraryTokenizer } from './tokenizer/library-tokenizer.ts'
import type { Encode, TokenizedText } from './tokenizer/tokenized-text.ts'

export interface Tokenizer {
  encode(text: string): TokenizedText
}

/**
 * Loads the tokenizer of a model folder. Its ids equal those of the Python tokenizer; texts are
 * truncated to `maxTokens`, special tokens included. One of the BERT class is our own, whose time is
 * linear; any other is the library's. Throws a `ModelError` if it can't be loaded.
 */
export async function openTokenizer(folder: string, maxTokens: number): Promise<Tokenizer> {
  const encode = await openEncode(folder, maxTokens).catch((cause) => {
    throw new ModelError(`the tokenizer can't be loaded: ${reasonOf(cause)}`, { cause })
  })
  // Cache keys hash UTF-8, where a lone surrogate is U+FFFD: tokenize the same text.
  return { encode: (text) => encode(text.toWellFormed()) }
}

async function openEncode(folder: string, maxTokens: number): Promise<Encode> {
  const contents: unknown = JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8'))
  return (
    createBertTokenizer(contents, maxTokens) ??
    (await openLibraryTokenizer(folder, contents, maxTokens))
  )
}
