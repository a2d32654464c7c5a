import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelError, reasonOf } from './model-error.ts'
import { createBertTokenizer } from './tokenizer/bert-tokenizer.ts'
import { openLibraryTokenizer } from './tokenizer/library-tokenizer.ts'
import type { Encode, Reading, TokenizedText } from './tokenizer/tokenized-text.ts'

export interface Tokenizer {
  encode(text: string): TokenizedText
}

/**
 * Loads the tokenizer of a model folder. Its ids equal those of the Python tokenizer. One of the
 * BERT class is our own, whose time is linear; any other is the library's. Throws a `ModelError` if it can't be loaded.
 */
export async function openTokenizer(folder: string, reading: Reading): Promise<Tokenizer> {
  const encode = await openEncode(folder, reading).catch((cause) => {
    throw new ModelError(`the tokenizer can't be loaded: ${reasonOf(cause)}`, { cause })
  })
  return wellFormed(encode)
}

/** The same for a tokenizer of our own, whose time is linear; `undefined` for the library's. */
export async function openLinearTokenizer(
  folder: string,
  reading: Reading,
): Promise<Tokenizer | undefined> {
  const encode = createBertTokenizer(await readContents(folder), reading)
  return encode && wellFormed(encode)
}

async function openEncode(folder: string, reading: Reading): Promise<Encode> {
  const contents = await readContents(folder)
  return (
    createBertTokenizer(contents, reading) ??
    (await openLibraryTokenizer(folder, contents, reading))
  )
}

const readContents = async (folder: string): Promise<unknown> =>
  JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8'))

/** Cache keys hash UTF-8, where a lone surrogate is U+FFFD: the same text is tokenized. */
const wellFormed = (encode: Encode): Tokenizer => ({
  encode: (text) => encode(text.toWellFormed()),
})
