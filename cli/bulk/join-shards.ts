import { CommandError } from '../command.ts'
import type { RunFacts } from '../report/facts.ts'
import { type Counts, mergeCounts } from './counts.ts'
import { findShards } from './find-shards.ts'
import { joinParts } from './join-parts.ts'
import type { Part } from './part-reader.ts'
import { shardFile } from './shard.ts'
import type { ShardRecord } from './shard-record.ts'

interface Joined {
  readonly counts: Counts
  /** Of all shards together, one after the other. */
  readonly seconds: number
  readonly complete: true
  readonly facts: RunFacts
}

/** Joins what the shards of an output have written, and their rejected rows if they are apart. Throws a `CommandError` unless they are complete and of one kind. */
export async function joinShards(out: string, rejects: string | undefined): Promise<Joined> {
  const shards = await findShards(out)
  checkRejects(shards, rejects)
  if (rejects !== undefined)
    await joinParts(
      rejects,
      shards.flatMap((shard) => rejectedOf(shard, rejects)),
    )
  await joinParts(
    out,
    shards.map((shard) => outputOf(shard, out)),
  )
  return {
    counts: shards.map(({ counts }) => counts).reduce(mergeCounts),
    seconds: shards.reduce((sum, { seconds }) => sum + seconds, 0),
    complete: true,
    facts: shards.map(({ facts }) => facts).reduce(earlier),
  }
}

const earlier = (a: RunFacts, b: RunFacts) => (a.startedAt <= b.startedAt ? a : b)

function checkRejects(shards: readonly ShardRecord[], rejects: string | undefined): void {
  const have = shards.some(({ written }) => written.rejected)
  if (have && rejects === undefined)
    throw new CommandError('rejected rows are in files of their own: name them by --rejects too')
  if (!have && rejects !== undefined)
    throw new CommandError('the shards were run without --rejects: leave it out')
}

const outputOf = ({ shard, written }: ShardRecord, out: string): Part => ({
  path: shardFile(out, shard),
  written: written.output,
  headBytes: written.headBytes,
  ends: written.chunkEnds.map(([end]) => end),
})

const rejectedOf = ({ shard, written }: ShardRecord, rejects: string): readonly Part[] =>
  written.rejected
    ? [
        {
          path: shardFile(rejects, shard),
          written: written.rejected,
          headBytes: 0,
          ends: written.chunkEnds.map(([, end]) => end),
        },
      ]
    : []
