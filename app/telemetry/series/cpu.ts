import { availableParallelism } from 'node:os'
import { Counter, Gauge, type Registry } from 'prom-client'
import { type CpuThrottling, cpuQuota, cpuThrottling } from '../../cgroup.ts'

/** The CPU limit, and how it has held the process up: read from the kernel at each scrape. */
export const cpuMetrics = (registers: Registry[]) => ({
  cpuLimitCores: new Gauge({
    name: 'polarity_cpu_limit_cores',
    help: "Cores that the process may use: its cgroup's CPU limit, or those of the machine where there is none.",
    registers,
    collect() {
      this.set(Math.min(cpuQuota() ?? Number.POSITIVE_INFINITY, availableParallelism()))
    },
  }),
  cpuPeriods: kernelCounter(registers, 'periods', {
    name: 'polarity_cpu_periods_total',
    help: "Periods of the cgroup's CPU limit in which the process ran; 0 where there is no limit.",
  }),
  cpuThrottledPeriods: kernelCounter(registers, 'throttledPeriods', {
    name: 'polarity_cpu_throttled_periods_total',
    help: "Periods in which the process used up its cgroup's CPU limit and had to wait; 0 where there is no limit.",
  }),
  cpuThrottledSeconds: kernelCounter(registers, 'throttledSeconds', {
    name: 'polarity_cpu_throttled_seconds_total',
    help: "Seconds that the process's threads have waited because its cgroup's CPU limit was used up; 0 where there is no limit.",
  }),
})

/** A counter that somebody else counts: it has their value. */
const kernelCounter = (
  registers: Registry[],
  value: keyof CpuThrottling,
  named: { readonly name: string; readonly help: string },
) =>
  new Counter({
    ...named,
    registers,
    collect() {
      this.reset()
      this.inc(cpuThrottling()[value])
    },
  })
