import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { z } from 'zod'

const Report = z.tuple([
  z.object({
    filename: z.string(),
    size: z.number(),
    unpackedSize: z.number(),
    files: z.array(z.object({ path: z.string() })),
  }),
])

interface Tarball {
  readonly file: string
  /** As it is fetched, and as it is installed. */
  readonly bytes: number
  readonly unpackedBytes: number
  readonly paths: readonly string[]
}

/** Packs a folder as npm does; with `dryRun` it only says what the file would hold. */
export function packFolder(folder: string, into: string, { dryRun = false } = {}): Tarball {
  const flags = ['--json', '--silent', '--ignore-scripts', `--pack-destination=${resolve(into)}`]
  const report = execFileSync('npm', ['pack', ...flags, ...(dryRun ? ['--dry-run'] : [])], {
    cwd: folder,
    encoding: 'utf8',
    // A line for each file.
    maxBuffer: 2 ** 26,
  })
  const [{ filename, size, unpackedSize, files }] = Report.parse(JSON.parse(report))
  return {
    file: join(into, filename),
    bytes: size,
    unpackedBytes: unpackedSize,
    paths: files.map(({ path }) => path),
  }
}
