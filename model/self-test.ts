import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { ModelError } from './model-error.ts'

const Row = z.object({
  text: z.string(),
  /** As the tokenizer must read it, special tokens included. */
  ids: z.array(z.number().int().min(0)).min(1),
  /** As the weights answered where the file was written, in class-id order. */
  scores: z.array(z.number()),
})

/** A text whose answer is known. */
export type SelfTestRow = z.infer<typeof Row>

/** Beside the weights, and in no digest: it decides whether a model is served, but no answer. */
const FILE = 'self-test.jsonl'

/** Reads the texts whose answers are known; none if the folder has no such file. Throws a `ModelError`. */
export async function loadSelfTest(folder: string): Promise<readonly SelfTestRow[]> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => '')
  const lines = text.split('\n').filter((line) => line !== '')
  try {
    return lines.map((line) => Row.parse(JSON.parse(line)))
  } catch (cause) {
    throw new ModelError(`${basename(folder)}/${FILE} is no list of texts, tokens and scores`, {
      cause,
    })
  }
}

/** Replaces them. */
export async function saveSelfTest(folder: string, rows: readonly SelfTestRow[]): Promise<void> {
  await writeFile(join(folder, FILE), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
}
