import { readFile, rm } from 'node:fs/promises'
import { z } from 'zod'
import { RunFacts } from '../report/facts.ts'
import { Counts } from './counts.ts'
import { replaceFile } from './replace-file.ts'
import { type Shard, shardFile } from './shard.ts'
import { Written } from './written.ts'

const whole = z.number().int().nonnegative()

/** What `join` must know of a shard that is complete. It lies beside the shard's part. */
const ShardRecord = z.object({
  version: z.literal(1),
  shard: z.object({ index: whole, of: whole }),
  /** Digest of the model. */
  model: z.string(),
  written: Written.required({ chunkEnds: true }),
  facts: RunFacts,
  counts: Counts,
  seconds: z.number(),
})
export type ShardRecord = z.infer<typeof ShardRecord>

const fileOf = (out: string, shard: Shard) => `${shardFile(out, shard)}.json`

/** What is known of a shard; `undefined` if it is not complete. */
export async function loadShardRecord(out: string, shard: Shard): Promise<ShardRecord | undefined> {
  try {
    return ShardRecord.safeParse(JSON.parse(await readFile(fileOf(out, shard), 'utf8'))).data
  } catch {
    return undefined
  }
}

/** Says that a shard is complete. */
export const saveShardRecord = (out: string, record: ShardRecord): Promise<void> =>
  replaceFile(fileOf(out, record.shard), JSON.stringify(record))

/** Says that it is not, before it begins again. */
export const removeShardRecord = (out: string, shard: Shard): Promise<void> =>
  rm(fileOf(out, shard), { force: true })
