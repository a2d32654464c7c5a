import { access, readFile, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { CommandError } from '../command.ts'
import { Counts } from './counts.ts'
import { digestOf } from './file-digest.ts'
import { noGroup } from './group.ts'
import type { Job } from './jobs.ts'
import { replaceFile } from './replace-file.ts'
import { noShownRows } from './shown-rows.ts'

/** Not taken for data by what reads whole folders, such as Spark. */
const NAME = '_finished.json'

const Entry = z.object({
  /** Of the model and all options that change the output. */
  run: z.string(),
  /** SHA-256 of the input. */
  digest: z.string(),
  /** But for what is kept apart. */
  counts: Counts,
  seconds: z.number(),
  /** ISO 8601. */
  startedAt: z.string(),
})
type Entry = z.infer<typeof Entry>

const Files = z.record(z.string(), Entry)

/** Remembers in a folder which of its files are complete, so that a later run passes over them. */
export class Finished {
  readonly #file: string
  readonly #files: Record<string, Entry>

  private constructor(file: string, files: Record<string, Entry>) {
    this.#file = file
    this.#files = files
  }

  /** Of an earlier run if that is to go on, else of none. Throws a `CommandError` if it is damaged. */
  static async open(folder: string, resume: boolean): Promise<Finished> {
    const file = join(folder, NAME)
    if (!resume) await rm(file, { force: true })
    const source = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}'
      throw new CommandError(`can't read ${file}: ${error.message}`, { cause: error })
    })
    return new Finished(file, parse(source, file))
  }

  /** What became of a job, if its output is there and its input is what it was. Throws a `CommandError` for another model or other options. */
  async find(
    { input, out }: Job,
    run: string,
  ): Promise<Pick<Entry, 'counts' | 'seconds' | 'startedAt'> | undefined> {
    const entry = this.#files[basename(out)]
    if (!entry || !(await isThere(out))) return undefined
    if (entry.run !== run)
      throw new CommandError(
        `${out} is of a run with another model or other options: use the same, or begin again without --resume`,
      )
    const digest = await digestOf(input).catch(() => undefined)
    if (entry.digest !== digest) return undefined
    if (!isLarge(entry.counts)) return entry
    const counts = await readCounts(countsFile(out))
    return counts && { ...entry, counts }
  }

  async add({ input, out }: Job, entry: Omit<Entry, 'digest'>): Promise<void> {
    const counts = isLarge(entry.counts) ? await keepApart(entry.counts, out) : entry.counts
    this.#files[basename(out)] = { ...entry, counts, digest: await digestOf(input) }
    await replaceFile(this.#file, JSON.stringify(this.#files))
  }
}

/** What a report needs may be a megabyte for each file: it does not belong into the one file for all. */
const isLarge = ({ groups, shown }: Counts) => groups.length > 0 || shown !== undefined

const countsFile = (out: string) => join(dirname(out), `_${basename(out)}.counts.json`)

/** Writes all counts to a file of their own. Resolves with what marks them as kept there. */
async function keepApart(counts: Counts, out: string): Promise<Counts> {
  await replaceFile(countsFile(out), JSON.stringify(counts))
  const groups = counts.groups.map(({ column }) => noGroup(column))
  return { ...counts, groups, ...(counts.shown && { shown: noShownRows() }) }
}

/** Counts of a file, unless it is gone or damaged. */
async function readCounts(file: string): Promise<Counts | undefined> {
  try {
    return Counts.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined
  }
}

function parse(source: string, file: string): Record<string, Entry> {
  try {
    return Files.parse(JSON.parse(source))
  } catch (cause) {
    throw new CommandError(`${file} is damaged: remove it, and begin again`, { cause })
  }
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )
