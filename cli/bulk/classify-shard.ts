import { stat } from 'node:fs/promises'
import { CommandError } from '../command.ts'
import type { RunFacts } from '../report/facts.ts'
import { classifyInput, nameOf } from './classify-input.ts'
import type { ClassifyOptions } from './classify-options.ts'
import { digestOf } from './file-digest.ts'
import type { Result } from './input-run.ts'
import type { Predictor } from './predictor.ts'
import { runIdOf } from './run-id.ts'
import { type Shard, shardFile } from './shard.ts'
import {
  loadShardRecord,
  removeShardRecord,
  type ShardRecord,
  saveShardRecord,
} from './shard-record.ts'
import type { Written } from './written.ts'

interface ShardOptions extends ClassifyOptions {
  readonly shard: Shard
  readonly about: Pick<RunFacts, 'model' | 'options'>
}

/**
 * Classifies the rows of a file that belong to one shard, into a part of its own: `OUT.shard-0-of-4`, and
 * `OUT.shard-0-of-4.json` once that is complete. With `resume`, one that is complete is left as it is.
 */
export async function classifyShard(
  path: string,
  options: ShardOptions,
  predictor: Predictor,
): Promise<Result> {
  const { out, shard, rejectsFile, about } = options
  const record = options.resume ? await loadComplete(out, shard) : undefined
  if (record) {
    await checkSame(record, path, runIdOf(options, predictor))
    return { ...record, startedAt: record.facts.startedAt, complete: true }
  }
  await removeShardRecord(out, shard)
  const part = {
    ...options,
    out: shardFile(out, shard),
    rejectsFile: rejectsFile && shardFile(rejectsFile, shard),
    wholeDigest: true,
    async onComplete({ counts, seconds, startedAt }: Result, written: Written) {
      const { chunkEnds = [] } = written
      const work = { shard, model: predictor.digest, written: { ...written, chunkEnds } }
      const facts = { inputs: [nameOf(path)], startedAt, ...about }
      await saveShardRecord(out, { version: 1, ...work, facts, counts, seconds })
    },
  }
  return await classifyInput(path, part, predictor)
}

/** What is known of a shard, if its part is there too. */
async function loadComplete(out: string, shard: Shard): Promise<ShardRecord | undefined> {
  const record = await loadShardRecord(out, shard)
  const part = await stat(shardFile(out, shard)).catch(() => undefined)
  return part?.size === record?.written.output.bytes ? record : undefined
}

async function checkSame(
  { written, shard }: ShardRecord,
  path: string,
  run: string,
): Promise<void> {
  const what = `shard ${shard.index}/${shard.of} is complete`
  if (written.run !== run)
    throw new CommandError(
      `${what}, with another model or other options: use the same, or begin again without --resume`,
    )
  if (written.input !== (await digestOf(path).catch(() => undefined)))
    throw new CommandError(`${what}, but ${path} has changed. Begin again without --resume`)
}
