import { readFile, rm } from 'node:fs/promises'
import { z } from 'zod'
import { CommandError } from '../command.ts'
import { ChunkEnds } from './chunk-ends.ts'
import { Counts } from './counts.ts'
import { replaceFile } from './replace-file.ts'

const whole = z.number().int().nonnegative()

/** How far a run has come: what `--resume` goes on from. */
export const State = z.object({
  version: z.literal(1),
  /** Of the model and all options that change the output. */
  run: z.string(),
  /** Where the next row of the input begins. */
  position: z.object({ offset: whole, line: z.number().int().positive() }),
  /** SHA-256 of the input up to there. */
  digest: z.string(),
  columns: z.array(z.string()).optional(),
  /** Bytes of the partial output, and of the rejected rows, that are of rows up to there. */
  outputBytes: whole,
  rejectedBytes: whole,
  /** Of a shard. */
  chunkEnds: ChunkEnds.optional(),
  /** Whether all rows are written: the partial output may have its name already. */
  complete: z.boolean().default(false),
  counts: Counts,
  /** When the first run began, in ISO 8601. */
  startedAt: z.string(),
  /** Of all runs together. */
  seconds: z.number(),
})
export type State = z.infer<typeof State>

/** Reads the state of an earlier run; `undefined` if there is none. Throws a `CommandError` if it can't be used. */
export async function loadState(file: string, run: string): Promise<State | undefined> {
  const source = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new CommandError(`can't read ${file}: ${error.message}`, { cause: error })
  })
  if (source === undefined) return undefined
  const state = parse(source)
  if (!state) throw new CommandError(`${file} is damaged: remove it, and begin again`)
  if (state.run === run) return state
  throw new CommandError(
    `${file} is of a run with another model or other options: remove it, or use the same`,
  )
}

function parse(source: string): State | undefined {
  try {
    return State.safeParse(JSON.parse(source)).data
  } catch {
    return undefined
  }
}

export const saveState = (file: string, state: State): Promise<void> =>
  replaceFile(file, JSON.stringify(state))

/** The run is complete. */
export const removeState = (file: string): Promise<void> => rm(file, { force: true })
