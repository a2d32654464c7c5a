import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const Trend = z.object({ med: z.number(), 'p(99)': z.number(), max: z.number() })
const Summary = z.looseObject({
  metrics: z.looseObject({
    http_reqs: z.object({ count: z.number(), rate: z.number() }),
    http_req_duration: Trend,
    http_req_failed: z.object({ value: z.number() }),
    cache_hits: z.object({ value: z.number() }).optional(),
    hit_duration: Trend.optional(),
    miss_duration: Trend.optional(),
    shed: z.object({ count: z.number() }).optional(),
  }),
})

/** Exit code of k6 if a threshold was crossed. */
const CROSSED = 99

/** Runs a k6 script against a service. */
export async function runK6(script: string, url: string, seconds: number) {
  const out = mkdtempSync(join(tmpdir(), 'k6-'))
  const options = ['--quiet', '-e', `BASE_URL=${url}`, '-e', `DURATION=${seconds}`]
  const run = promisify(execFile)('env', [`OUT=${out}`, 'bash', 'k6/run.sh', script, ...options])
  const passed = await run.then(
    () => true,
    (error) => {
      if (error.code === CROSSED) return false
      throw error
    },
  )
  const { metrics } = Summary.parse(JSON.parse(readFileSync(join(out, `${script}.json`), 'utf8')))
  return {
    passed,
    metrics,
    course: readCourse(readFileSync(join(out, `${script}.ndjson`), 'utf8')),
  }
}

const Event = z.object({ event: z.string(), data: z.unknown() })
const Metrics = z.record(z.string(), z.unknown())
const Snapshot = z.array(z.array(z.number()))

/**
 * The recording of k6's dashboard: a snapshot has a list of values per metric, in the order of
 * metric names.
 */
function readCourse(lines: string) {
  const events = lines
    .trim()
    .split('\n')
    .map((line) => Event.parse(JSON.parse(line)))
  const names = new Set<string>()
  const course = []
  for (const { event, data } of events) {
    if (event === 'metric') for (const name in Metrics.parse(data)) names.add(name)
    if (event === 'snapshot') course.push(toMoment([...names].sort(), Snapshot.parse(data)))
  }
  return course
}

/**
 * Values of a trend are avg, max, med, min, p90, p95, p99; those of a counter are count and rate
 * per second.
 */
function toMoment(names: readonly string[], values: readonly (readonly number[])[]) {
  const of = (name: string, i: number) => values[names.indexOf(name)]?.[i]
  return {
    at: of('time', 0) ?? 0,
    requests_per_second: of('http_reqs', 1) ?? 0,
    shed_per_second: of('shed', 1) ?? 0,
    p50_ms: of('http_req_duration', 2),
    p99_ms: of('http_req_duration', 6),
    miss_p99_ms: of('miss_duration', 6),
  }
}
