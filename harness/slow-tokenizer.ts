import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TINY_MODEL } from './process.ts'

/** One word of this takes the library's WordPiece the cube of its length: minutes. */
export const HOSTILE = 'x'.repeat(20_000)

/** A copy of the tiny model, with a tokenizer that a hostile text hangs. */
export class SlowTokenizerModel {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(): Promise<SlowTokenizerModel> {
    const folder = await mkdtemp(join(tmpdir(), 'slow-tokenizer-'))
    await cp(TINY_MODEL, folder, { recursive: true })
    const model = new SlowTokenizerModel(folder)
    await writeFile(
      model.#file,
      JSON.stringify(slowed(JSON.parse(await readFile(model.#file, 'utf8')))),
    )
    return model
  }

  get #file(): string {
    return join(this.folder, 'tokenizer.json')
  }

  /** From here on no thread can open the tokenizer. */
  async breakTokenizer(): Promise<void> {
    await writeFile(this.#file, '{')
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true })
  }
}

/** The same tokenizer in another class, with a word limit that is none, and pieces that end nowhere. */
function slowed({ model, pre_tokenizer, ...rest }: TokenizerFile) {
  const unknown = model.vocab['[UNK]']
  return {
    ...rest,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [pre_tokenizer] },
    model: {
      ...model,
      max_input_chars_per_word: 100_000,
      vocab: { ...model.vocab, x: unknown, '##x': unknown },
    },
  }
}

interface TokenizerFile {
  readonly pre_tokenizer: object
  readonly model: { readonly vocab: Readonly<Record<string, number>> }
}
