import { PartFile } from './part-file.ts'
import { type Part, PartReader } from './part-reader.ts'

/**
 * Writes a file from its parts: what they begin with once, then their chunks in turn. It appears under its
 * name when it is complete. Throws a `CommandError` if a part is not what it was.
 */
export async function joinParts(out: string, parts: readonly Part[]): Promise<void> {
  const readers: PartReader[] = []
  try {
    for (const part of parts) readers.push(await PartReader.open(part))
    await write(out, joined(readers))
  } finally {
    for (const reader of readers) await reader.close()
  }
}

async function write(out: string, blocks: AsyncIterable<Buffer>): Promise<void> {
  const output = await PartFile.open(out)
  try {
    for await (const bytes of blocks) await output.write(bytes)
    await output.finish()
  } finally {
    await output.close()
  }
}

async function* joined(readers: readonly PartReader[]): AsyncGenerator<Buffer> {
  for (const [i, reader] of readers.entries())
    for await (const bytes of reader.head()) if (i === 0) yield bytes
  for (const chunk of inTurn(readers)) yield* chunk
  for (const reader of readers) reader.check()
}

/** The first chunk of each part, then the second of each, and so on. */
function* inTurn(readers: readonly PartReader[]): Generator<AsyncIterable<Buffer>> {
  const chunks = Math.max(...readers.map((reader) => reader.chunks))
  for (let i = 0; i < chunks; i++)
    for (const reader of readers) if (i < reader.chunks) yield reader.chunk(i)
}
