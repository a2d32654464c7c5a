import { RedisServer } from '../tests/cache/redis-server.ts'
import { ServiceProcess } from '../tests/e2e/process.ts'
import { runK6 } from './k6.ts'
import { writePlot } from './plot.ts'

/** The published exercise in full, and the same with texts that are truly new: the service on Bun, with Redis. */
export async function measurePublished(folder: string, seconds: number) {
  const results = []
  for (const script of ['load', 'honest']) {
    const redis = await RedisServer.start()
    const service = await new ServiceProcess('bun', { REDIS_URL: redis.url }).ready()
    const run = await runK6(script, service.url, seconds)
    await service.stop()
    await redis.close()
    results.push({ script, ...run })
    const start = run.course[0]?.at ?? 0
    const pointsOf = (figure: 'p50_ms' | 'p99_ms' | 'miss_p99_ms') =>
      run.course.flatMap((at) =>
        at[figure] ? [[(at.at - start) / 1000, at[figure]] as const] : [],
      )
    writePlot(`${folder}/${script}.svg`, {
      title: `k6/${script}.js: latency of answers, ${Math.round(run.metrics.http_reqs.rate)} requests/s`,
      x: { name: 'seconds' },
      y: { name: 'milliseconds', log: true },
      lines: {
        p50: pointsOf('p50_ms'),
        p99: pointsOf('p99_ms'),
        'p99 of new texts': pointsOf('miss_p99_ms'),
      },
    })
  }
  return results
}
