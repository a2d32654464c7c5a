import { ServiceProcess } from '../harness/process.ts'
import { RedisServer } from '../harness/redis-server.ts'
import { runK6 } from './k6.ts'
import { writePlot } from './plot.ts'

type Run = Awaited<ReturnType<typeof runK6>>
type Figure = Exclude<keyof Run['course'][number], 'at'>

/**
 * The published exercise (load), the same with real cache misses (honest), and an overload of cache
 * misses (stress): the service on Bun, with Redis.
 */
export async function measurePublished(folder: string, seconds: number) {
  const results = []
  for (const script of ['load', 'honest', 'stress']) {
    const redis = await RedisServer.start()
    const service = await new ServiceProcess('bun', { REDIS_URL: redis.url }).ready()
    try {
      const run = await runK6(script, service.url, seconds)
      results.push({ script, ...run })
      plotLatency(folder, script, run)
      if (script === 'stress') plotShedding(folder, run)
    } finally {
      await service.stop()
      await redis.close()
    }
  }
  return results
}

/** A figure over time, in seconds since the start. */
function pointsOf({ course }: Run, figure: Figure) {
  const start = course[0]?.at ?? 0
  return course.flatMap((moment) => {
    const value = moment[figure]
    return value === undefined ? [] : [[(moment.at - start) / 1000, value] as const]
  })
}

function plotLatency(folder: string, script: string, run: Run): void {
  writePlot(`${folder}/${script}.svg`, {
    title: `k6/${script}.js: latency, ${Math.round(run.metrics.http_reqs.rate)} requests/s`,
    x: { name: 'seconds' },
    y: { name: 'milliseconds', log: true },
    lines: {
      p50: pointsOf(run, 'p50_ms'),
      p99: pointsOf(run, 'p99_ms'),
      'p99 of cache misses': pointsOf(run, 'miss_p99_ms'),
    },
  })
}

function plotShedding(folder: string, run: Run): void {
  writePlot(`${folder}/stress-shed.svg`, {
    title: 'k6/stress.js: requests of ten cache misses, sent and shed',
    x: { name: 'seconds' },
    y: { name: 'requests/s' },
    lines: {
      all: pointsOf(run, 'requests_per_second'),
      'shed with 429': pointsOf(run, 'shed_per_second'),
    },
  })
}
