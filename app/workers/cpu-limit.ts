import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

type ReadText = (path: string) => string

/**
 * Cores that this process may use: the cgroup's CPU limit (v2, then v1) rounded down, at least 1
 * and at most the machine's.
 */
export function cpuLimit(
  read: ReadText = (path) => readFileSync(path, 'utf8'),
  cores: number = availableParallelism(),
): number {
  const quota = quotaV2(read) ?? quotaV1(read) ?? cores
  return Math.max(1, Math.min(cores, Math.floor(quota)))
}

/** `cpu.max` holds "quota period" in microseconds, or "max period" where there is no limit. */
function quotaV2(read: ReadText): number | undefined {
  const [quota, period] = numbersIn(read, '/sys/fs/cgroup/cpu.max')
  return ratio(quota, period)
}

/** Two files of cgroup v1; a quota of -1 is no limit. */
function quotaV1(read: ReadText): number | undefined {
  const [quota] = numbersIn(read, '/sys/fs/cgroup/cpu/cpu.cfs_quota_us')
  const [period] = numbersIn(read, '/sys/fs/cgroup/cpu/cpu.cfs_period_us')
  return ratio(quota, period)
}

function ratio(quota: number | undefined, period: number | undefined): number | undefined {
  if (!quota || !period) return undefined
  return quota > 0 && period > 0 ? quota / period : undefined
}

function numbersIn(read: ReadText, path: string): number[] {
  try {
    return read(path).trim().split(/\s+/).map(Number)
  } catch {
    return [] // No such cgroup, hence no limit.
  }
}
