import { describe, expect, it } from 'vitest'
import { cpuQuota, cpuThrottling } from '../app/cgroup.ts'

/** A machine that has only these files. */
const files = (contents: Readonly<Record<string, string>>) => (path: string) => {
  const content = contents[path]
  if (content === undefined) throw new Error('ENOENT')
  return content
}

describe('the CPU limit of a cgroup', () => {
  it.each([
    { of: 'v2', contents: { '/sys/fs/cgroup/cpu.max': '150000 100000\n' }, quota: 1.5 },
    { of: 'v2 without a limit', contents: { '/sys/fs/cgroup/cpu.max': 'max 100000' } },
    {
      of: 'v1',
      contents: {
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      quota: 0.5,
    },
    { of: 'a machine without cgroups', contents: {} },
  ])('of $of is $quota', ({ contents, quota }) => {
    expect(cpuQuota(files(contents))).toBe(quota)
  })
})

describe('what the CPU limit has held up', () => {
  it('is counted in cgroup v2', () => {
    const stat =
      'usage_usec 900\nuser_usec 600\nnr_periods 40\nnr_throttled 10\nthrottled_usec 2500000\n'
    expect(cpuThrottling(files({ '/sys/fs/cgroup/cpu.stat': stat }))).toEqual({
      periods: 40,
      throttledPeriods: 10,
      throttledSeconds: 2.5,
    })
  })

  it('is counted in cgroup v1', () => {
    const stat = 'nr_periods 40\nnr_throttled 10\nthrottled_time 2500000000\n'
    expect(cpuThrottling(files({ '/sys/fs/cgroup/cpu/cpu.stat': stat }))).toEqual({
      periods: 40,
      throttledPeriods: 10,
      throttledSeconds: 2.5,
    })
  })

  it.each([
    ['no cgroup', {}],
    ['no limit', { '/sys/fs/cgroup/cpu.stat': 'usage_usec 900\nuser_usec 600\n' }],
    ['a file without numbers', { '/sys/fs/cgroup/cpu.stat': 'nr_periods\nnr_throttled x\n' }],
    ['an empty file', { '/sys/fs/cgroup/cpu.stat': '' }],
  ])('is nothing with %s', (_, contents) => {
    expect(cpuThrottling(files(contents))).toEqual({
      periods: 0,
      throttledPeriods: 0,
      throttledSeconds: 0,
    })
  })
})
