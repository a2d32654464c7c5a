import { describe, expect, it } from 'vitest'
import { cpuLimit } from '../../app/workers/cpu-limit.ts'

const CPU_MAX = '/sys/fs/cgroup/cpu.max'
const QUOTA = '/sys/fs/cgroup/cpu/cpu.cfs_quota_us'
const PERIOD = '/sys/fs/cgroup/cpu/cpu.cfs_period_us'

/** A machine that has only these files. */
const files = (contents: Record<string, string>) => (path: string) => {
  const content = contents[path]
  if (content === undefined) throw new Error('ENOENT')
  return content
}

describe('the CPU limit', () => {
  it.each([
    { of: 'cgroup v2', contents: { [CPU_MAX]: '200000 100000\n' }, cores: 8, limit: 2 },
    {
      of: 'cgroup v2, part of a core',
      contents: { [CPU_MAX]: '50000 100000' },
      cores: 8,
      limit: 1,
    },
    { of: 'cgroup v2, rounded down', contents: { [CPU_MAX]: '390000 100000' }, cores: 8, limit: 3 },
    { of: 'cgroup v2 without a limit', contents: { [CPU_MAX]: 'max 100000' }, cores: 8, limit: 8 },
    { of: 'cgroup v1', contents: { [QUOTA]: '300000', [PERIOD]: '100000' }, cores: 8, limit: 3 },
    {
      of: 'cgroup v1 without one',
      contents: { [QUOTA]: '-1', [PERIOD]: '100000' },
      cores: 8,
      limit: 8,
    },
    { of: 'a small machine', contents: { [CPU_MAX]: '800000 100000' }, cores: 2, limit: 2 },
    { of: 'no cgroup', contents: {}, cores: 4, limit: 4 },
  ])('of $of is $limit', ({ contents, cores, limit }) => {
    expect(cpuLimit(files(contents), cores)).toBe(limit)
  })
})
