import { readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { CommandError } from '../command.ts'
import { loadShardRecord, type ShardRecord } from './shard-record.ts'

/**
 * All shards of an output, by index. Throws a `CommandError` if there are none, if one is not complete, or if
 * they are not of one input, one model and the same options.
 */
export async function findShards(out: string): Promise<readonly ShardRecord[]> {
  const of = await countOf(out)
  const indexes = Array.from({ length: of }, (_, index) => index)
  const records = await Promise.all(indexes.map((index) => loadShardRecord(out, { index, of })))
  const missing = indexes.filter((index) => !records[index])
  if (missing.length > 0)
    throw new CommandError(
      `of ${of} shards, counted from 0, these are not complete: ${missing.join(', ')}. Run them with --resume`,
    )
  const shards = records.filter((record) => record !== undefined)
  checkSame(shards)
  checkChunks(shards)
  return shards
}

/** How many shards there are, by the names of their files. */
async function countOf(out: string): Promise<number> {
  const folder = dirname(out)
  const start = `${basename(out)}.shard-`
  const names = await readdir(folder).catch((cause: Error) => {
    throw new CommandError(`can't read ${folder}: ${cause.message}`, { cause })
  })
  const counts = names
    .filter((name) => name.startsWith(start))
    .flatMap((name) => /^\d+-of-(\d+)(?:\.|$)/.exec(name.slice(start.length))?.[1] ?? [])
  const [count, ...others] = new Set(counts)
  if (count === undefined)
    throw new CommandError(
      `there are no shards of ${out}: they come from polarity classify FILE --out ${out} --shard 0/4`,
    )
  if (others.length === 0) return Number(count)
  const each = [count, ...others].toSorted((a, b) => Number(a) - Number(b)).join(' and of ')
  throw new CommandError(`there are shards of ${each}: remove those of an earlier run`)
}

/** What the shards of one output have in common, and what to say where they have not. */
const SAME: readonly (readonly [(record: ShardRecord) => unknown, string])[] = [
  [({ written }) => written.input, 'have read different inputs'],
  [({ model }) => model, 'are of different models'],
  [({ written }) => written.run, 'are of different options'],
  [({ written }) => written.headBytes, 'are of different options'],
]

function checkSame(shards: readonly ShardRecord[]): void {
  const [first] = shards
  for (const [of, what] of SAME) {
    const other = shards.find((record) => first && of(record) !== of(first))
    if (!other) continue
    const [a, b] = [first, other].map((record) => record?.shard.index)
    throw new CommandError(`shards ${a} and ${b} ${what}: run them again, all in the same way`)
  }
}

/** Chunks are dealt out in turn; what has read the file otherwise, as another version may, has others. */
function checkChunks(shards: readonly ShardRecord[]): void {
  const chunks = shards.map(({ written }) => written.chunkEnds.length)
  const all = chunks.reduce((sum, count) => sum + count, 0)
  for (const [index, count] of chunks.entries()) {
    if (count !== Math.ceil((all - index) / shards.length))
      throw new CommandError(`shard ${index} has rows of other shards, or too few: run it again`)
  }
}
