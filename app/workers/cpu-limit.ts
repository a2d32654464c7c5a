import { availableParallelism } from 'node:os'
import { cpuQuota, type ReadText } from '../cgroup.ts'

/**
 * Cores that this process may use: the cgroup's CPU limit rounded down, at least 1 and at most the
 * machine's.
 */
export function cpuLimit(read?: ReadText, cores: number = availableParallelism()): number {
  const quota = cpuQuota(read) ?? cores
  return Math.max(1, Math.min(cores, Math.floor(quota)))
}
