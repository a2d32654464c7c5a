import { z } from 'zod'
import { ChunkEnds } from './chunk-ends.ts'
import type { Output } from './part-file.ts'

const whole = z.number().int().nonnegative()

const WrittenFile = z.object({
  bytes: whole,
  /** SHA-256, in hexadecimal. */
  digest: z.string(),
})
export type WrittenFile = z.infer<typeof WrittenFile>

/** What a run has made of which input. */
export const Written = z.object({
  /** Of the model and all options that change the output. */
  run: z.string(),
  /** SHA-256 of the input up to the last row; with `wholeDigest` of all of it. */
  input: z.string(),
  /** Bytes of what comes before the first row. */
  headBytes: whole,
  /** Of a shard. */
  chunkEnds: ChunkEnds.optional(),
  output: WrittenFile,
  rejected: WrittenFile.optional(),
})
export type Written = z.infer<typeof Written>

interface Run extends Pick<Written, 'run' | 'input'> {
  readonly head: string
  readonly chunkEnds: ChunkEnds | undefined
  readonly output: Output
  readonly rejected: Output | undefined
}

/** Of a run whose outputs are complete. */
export const toWritten = ({ head, chunkEnds, output, rejected, ...run }: Run): Written => ({
  ...run,
  headBytes: Buffer.byteLength(head),
  ...(chunkEnds && { chunkEnds }),
  output: toFile(output),
  ...(rejected && { rejected: toFile(rejected) }),
})

const toFile = (output: Output): WrittenFile => ({ bytes: output.bytes, digest: output.digest() })
