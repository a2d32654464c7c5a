import { readFileSync } from 'node:fs'

export type ReadText = (path: string) => string

const readText: ReadText = (path) => readFileSync(path, 'utf8')

/** What the kernel has counted of this process's cgroup since that was made. */
export interface CpuThrottling {
  /** Periods, of a tenth of a second usually, in which anything ran under the CPU limit. */
  readonly periods: number
  /** Those in which the limit was used up before their end. */
  readonly throttledPeriods: number
  /** Time that threads have waited for the next period, all together. */
  readonly throttledSeconds: number
}

/** The cgroup's CPU limit in cores (v2, then v1); `undefined` where there is none. */
export function cpuQuota(read = readText): number | undefined {
  return quotaV2(read) ?? quotaV1(read)
}

/** `cpu.max` holds "quota period" in microseconds, or "max period" where there is no limit. */
function quotaV2(read: ReadText): number | undefined {
  const [quota, period] = wordsIn(read, '/sys/fs/cgroup/cpu.max').map(Number)
  return ratio(quota, period)
}

/** Two files of cgroup v1; a quota of -1 is no limit. */
function quotaV1(read: ReadText): number | undefined {
  const [quota] = wordsIn(read, '/sys/fs/cgroup/cpu/cpu.cfs_quota_us').map(Number)
  const [period] = wordsIn(read, '/sys/fs/cgroup/cpu/cpu.cfs_period_us').map(Number)
  return ratio(quota, period)
}

function ratio(quota: number | undefined, period: number | undefined): number | undefined {
  if (!quota || !period) return undefined
  return quota > 0 && period > 0 ? quota / period : undefined
}

/** How the cgroup's CPU limit has held this process up (v2, then v1); all 0 where there is none. */
export function cpuThrottling(read = readText): CpuThrottling {
  const v2 = countersIn(read, '/sys/fs/cgroup/cpu.stat')
  const counters = v2.size > 0 ? v2 : countersIn(read, '/sys/fs/cgroup/cpu/cpu.stat')
  const of = (name: string) => counters.get(name) ?? 0
  return {
    periods: of('nr_periods'),
    throttledPeriods: of('nr_throttled'),
    // Microseconds in v2, nanoseconds in v1.
    throttledSeconds: of('throttled_usec') / 1e6 + of('throttled_time') / 1e9,
  }
}

/** A file of names and numbers in turn. */
function countersIn(read: ReadText, path: string): Map<string, number> {
  const words = wordsIn(read, path)
  const names = words.filter((_, i) => i % 2 === 0)
  return new Map(names.map((name, i) => [name, Number(words[2 * i + 1]) || 0]))
}

function wordsIn(read: ReadText, path: string): string[] {
  try {
    return read(path).trim().split(/\s+/)
  } catch {
    return [] // No such cgroup, hence no limit.
  }
}
