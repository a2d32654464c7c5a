import { access, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { CommandError, UsageError } from '../command.ts'
import { type Format, formatOf } from './source.ts'
import { type OutputFormat, outputOf } from './writer.ts'

/** One input, and where its rows go. */
export interface Job {
  readonly input: string
  /** A file, or `-` for standard output. */
  readonly out: string
  readonly rejectsFile: string | undefined
}

interface Plan {
  readonly jobs: readonly Job[]
  /** That each output is a file of its own in. */
  readonly folder: string | undefined
}

interface PlanOptions {
  readonly out: string
  readonly rejects?: string | undefined
  readonly from?: Format | undefined
  readonly to?: OutputFormat | undefined
}

const PACKED = /\.gz$/i
const DATA_ENDING = /\.(csv|tsv|tab|jsonl|ndjson|parquet|txt)$/i
const ENDING_OF: Readonly<Record<OutputFormat, string>> = {
  csv: '.csv',
  tsv: '.tsv',
  jsonl: '.jsonl',
  lines: '.txt',
}

/**
 * Says where the rows of each file go: with a folder, one that ends in a slash or is there, into a file
 * of the input's name in it. Throws a `UsageError` if two were to go into one file, or one over an input.
 */
export async function planJobs(files: readonly string[], options: PlanOptions): Promise<Plan> {
  const { out, rejects } = options
  const folder = (await isFolder(out)) ? out : undefined
  if (folder === undefined && files.length > 1)
    throw new UsageError('several files need a folder for what becomes of them: --out DIR/')
  if (folder !== undefined && rejects !== undefined && !(await isFolder(rejects)))
    throw new UsageError('several outputs need a folder for what is rejected: --rejects DIR/')
  const jobs = files.map((input) => {
    if (folder === undefined) return { input, out, rejectsFile: rejects }
    if (input === '-') throw new UsageError('standard input has no name: write --out FILE')
    const rejected = rejects && join(rejects, `${stemOf(input)}.rejects.jsonl`)
    return { input, out: join(folder, outputNameOf(input, options)), rejectsFile: rejected }
  })
  requireApart(jobs)
  return { jobs, folder }
}

const isFolder = async (path: string): Promise<boolean> =>
  path.endsWith('/') ||
  (await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  ))

const unpackedNameOf = (input: string) => basename(input).replace(PACKED, '')

/** A name without the ending that says its format. */
const stemOf = (input: string) => unpackedNameOf(input).replace(DATA_ENDING, '')

function outputNameOf(input: string, { from, to }: PlanOptions): string {
  const name = unpackedNameOf(input)
  const format = to ?? outputOf(from ?? formatOf(input))
  return formatOf(name) === format ? name : `${stemOf(input)}${ENDING_OF[format]}`
}

function requireApart(jobs: readonly Job[]): void {
  const inputs = new Set(jobs.map(({ input }) => resolve(input)))
  const makers = new Map<string, string>()
  for (const [file, input] of jobs.flatMap(filesOf)) {
    const path = resolve(file)
    if (inputs.has(path)) throw new UsageError(`${file} is an input: write to another place`)
    const other = makers.get(path)
    if (other !== undefined)
      throw new UsageError(`${other} and ${input} would both become ${file}: run them apart`)
    makers.set(path, input)
  }
}

/** What a job writes, each with the input that it is made of. */
const filesOf = ({ input, out, rejectsFile }: Job) =>
  [out, rejectsFile].flatMap((file) =>
    file === undefined || file === '-' ? [] : [[file, input] as const],
  )

/** The model need not be loaded to say that there is no such file. Of several, one that is missing stops no other. */
export async function checkInput([first, ...others]: readonly Job[]): Promise<void> {
  if (!first || first.input === '-' || others.length > 0) return
  await access(first.input).catch((cause: Error) => {
    throw new CommandError(`can't read ${first.input}: ${cause.message}`, { cause })
  })
}
