import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A control group with a limit of memory, for processes of this machine. */
export interface MemoryLimit {
  add(pid: number): void
  /** The most that was used so far, in bytes. */
  peak(): number
  close(): void
}

const ROOT = '/sys/fs/cgroup'
/** Where the control of memory is, in the first and the second version of control groups. */
const VERSIONS = [
  {
    folder: join(ROOT, 'memory'),
    limit: 'memory.limit_in_bytes',
    peak: 'memory.max_usage_in_bytes',
  },
  { folder: ROOT, limit: 'memory.max', peak: 'memory.peak' },
]

/** Why there is none on this machine, as an error, unless one can be made. */
export function openMemoryLimit(bytes: number): MemoryLimit {
  const version = VERSIONS.find(({ folder }) => existsSync(join(folder, 'cgroup.procs')))
  if (!version) throw new Error('no control groups for memory are mounted')
  const folder = join(version.folder, `polarity-hostile-${process.pid}`)
  mkdirSync(folder)
  try {
    writeFileSync(join(folder, version.limit), String(bytes))
  } catch (cause) {
    rmdirSync(folder)
    throw new Error('memory is not under control here', { cause })
  }
  return {
    add: (pid) => writeFileSync(join(folder, 'cgroup.procs'), String(pid)),
    peak: () => Number(readFileSync(join(folder, version.peak), 'utf8')),
    close: () => rmdirSync(folder),
  }
}
