import { readdirSync, readFileSync } from 'node:fs'

/** Resident memory of a process in megabytes: `VmRSS` of proc(5). */
export function residentMegabytes(pid: number): number {
  return kibibytes(`/proc/${pid}/status`, /VmRSS:\s+(\d+)/) / 1024
}

/** The most resident memory that a process has had so far, in megabytes: `VmHWM`; NaN once it has ended. */
export function peakMegabytes(pid: number): number {
  try {
    return kibibytes(`/proc/${pid}/status`, /VmHWM:\s+(\d+)/) / 1024
  } catch {
    return Number.NaN
  }
}

/** Memory of a process and its descendants in megabytes: `Pss`, which counts shared pages once. */
export function proportionalMegabytes(pid: number): number {
  const own = kibibytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+)/m) / 1024
  return childrenOf(pid).reduce((sum, child) => sum + proportionalMegabytes(child), own)
}

const kibibytes = (file: string, line: RegExp) => Number(line.exec(readFileSync(file, 'utf8'))?.[1])

/** Child processes of all threads of a process. */
const childrenOf = (pid: number) =>
  readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '))
    .filter((child) => child.trim())
    .map(Number)
