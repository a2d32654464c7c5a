import { readdirSync, readFileSync } from 'node:fs'

/** Of one process, in megabytes: `VmRSS` of proc(5), which counts in kibibytes. */
export function residentMegabytes(pid: number): number {
  return kibibytes(`/proc/${pid}/status`, /VmRSS:\s+(\d+)/) / 1024
}

/** Of a process and all that it has started, in megabytes: `Pss`, in which shared pages count once. */
export function proportionalMegabytes(pid: number): number {
  const own = kibibytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+)/m) / 1024
  return childrenOf(pid).reduce((sum, child) => sum + proportionalMegabytes(child), own)
}

const kibibytes = (file: string, line: RegExp) => Number(line.exec(readFileSync(file, 'utf8'))?.[1])

/** Of every thread: each may start processes. */
const childrenOf = (pid: number) =>
  readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '))
    .filter((child) => child.trim())
    .map(Number)
