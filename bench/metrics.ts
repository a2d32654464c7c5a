import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import { type RUNTIMES, runtimePath } from '../harness/process.ts'
import { measureCached } from './cached.ts'

const Microseconds = z.record(z.string(), z.number())

/** The cost of each metric per cache hit, as a share of the time per request at full load. */
export async function measureMetrics(runtime: (typeof RUNTIMES)[number]) {
  const entry = join(import.meta.dirname, 'metrics-entry.ts')
  const output = execFileSync(runtimePath(runtime), [entry], { encoding: 'utf8' })
  const microseconds = Microseconds.parse(JSON.parse(output))
  const { requests_per_second: rates } = await measureCached(runtime)
  const request = 1e6 / (rates.memory ?? Number.NaN)
  const share = Object.entries(microseconds).map(([name, each]) => [name, each / request])
  return {
    runtime,
    microseconds,
    microseconds_per_request: request,
    share_of_request: Object.fromEntries(share),
  }
}
