import { z } from 'zod'
import { CHUNK_ROWS } from './shard.ts'

const whole = z.number().int().nonnegative()

/** Bytes of the output, and of the rejected rows, up to the end of each chunk of a shard. */
export const ChunkEnds = z.array(z.tuple([whole, whole]))
export type ChunkEnds = z.infer<typeof ChunkEnds>

/** Those of an earlier run, if there was one. */
export const chunkEndsOf = (earlier?: { readonly chunkEnds?: ChunkEnds | undefined }): ChunkEnds =>
  earlier?.chunkEnds ?? []

/** Notes where the chunk ends that the last of so many rows belongs to. */
export function markChunkEnd(ends: ChunkEnds, rows: number, end: ChunkEnds[number]): void {
  if (rows > 0) ends[Math.ceil(rows / CHUNK_ROWS) - 1] = end
}
