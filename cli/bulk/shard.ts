import { UsageError } from '../command.ts'
import type { Rows } from './row.ts'
import type { Source } from './source.ts'

/** One of several processes that share an input. */
export interface Shard {
  /** Counted from 0. */
  readonly index: number
  readonly of: number
}

/**
 * Rows of a chunk. Chunk k of an input, counted from 0, belongs to shard k mod n: so a shard needs no
 * count of all rows to know its own, and `join` puts the chunks back in order.
 */
export const CHUNK_ROWS = 1024

export interface ShardOptions {
  /** `--shard`, as in `0/4`. */
  readonly shard: string | undefined
  /** `--shards`; the index is then that of a Kubernetes Job. */
  readonly shards: number | undefined
  /** JOB_COMPLETION_INDEX. */
  readonly jobIndex: string | undefined
  readonly files: readonly string[]
  readonly out: string
  readonly summary: string | undefined
  readonly report: string | undefined
}

/** The shard that the options name, if they name one. Throws a `UsageError` if it can't be run so. */
export function toShard(
  options: ShardOptions & { readonly folder: string | undefined },
): Shard | undefined {
  const { shard, shards, files, out, folder, summary, report } = options
  if (shard === undefined && shards === undefined) return undefined
  if (files.includes('-'))
    throw new UsageError('a shard needs a file: each of them reads all of it')
  if (out === '-' || folder !== undefined)
    throw new UsageError('a shard needs a file as --out, of which it writes a part')
  if (summary !== undefined || report !== undefined)
    throw new UsageError('--summary and --report are of all shards: give them to polarity join')
  return parseShard(nameOf(options))
}

function nameOf({ shard, shards, jobIndex }: ShardOptions): string {
  if (shard !== undefined && shards !== undefined)
    throw new UsageError('--shard says how many shards there are: leave --shards out')
  if (shard === undefined && jobIndex === undefined)
    throw new UsageError(
      '--shards takes the index from JOB_COMPLETION_INDEX, which is not set: use --shard INDEX/SHARDS',
    )
  return shard ?? `${jobIndex}/${shards}`
}

function parseShard(text: string): Shard {
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []
  const shard = { index: Number(index), of: Number(of) }
  if (shard.index < shard.of) return shard
  const known = shard.of > 0 ? `0/${of} to ${shard.of - 1}/${of}` : '0/4 to 3/4'
  throw new UsageError(`there is no shard ${text}: they are counted from 0, as in ${known}`)
}

/** An input with those rows alone that belong to a shard, or with all. It is open behind the first `done` of them. */
export const shareOf = (source: Source, shard: Shard | undefined, done = 0): Source =>
  shard ? { ...source, rows: rowsOf(source.rows, shard, done) } : source

async function* rowsOf(rows: Rows, shard: Shard, done: number): Rows {
  let number = rowsBefore(shard, done)
  for await (const row of rows) {
    if (Math.floor(number / CHUNK_ROWS) % shard.of === shard.index) yield row
    number++
  }
}

/** Rows of the input up to the end of the shard's first `done` rows. */
function rowsBefore({ index, of }: Shard, done: number): number {
  if (done === 0) return 0
  const chunk = Math.floor((done - 1) / CHUNK_ROWS) * of + index
  return chunk * CHUNK_ROWS + ((done - 1) % CHUNK_ROWS) + 1
}

/** The same rows, cut where a chunk ends; `done` rows of the shard came before. */
export function* cutAtChunks<T>(rows: readonly T[], done: number): Generator<readonly T[]> {
  let start = 0
  while (start < rows.length) {
    const end = start + CHUNK_ROWS - ((done + start) % CHUNK_ROWS)
    yield rows.slice(start, end)
    start = end
  }
}

/** Where a shard writes what without shards would be `file`. */
export const shardFile = (file: string, { index, of }: Shard): string =>
  `${file}.shard-${index}-of-${of}`
