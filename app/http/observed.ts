import { createMiddleware } from 'hono/factory'
import type { Health } from '../health.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { accessLog } from './access-log.ts'
import { finisher } from './finished.ts'
import { httpMetrics } from './http-metrics.ts'
import type { RequestEnv } from './request-env.ts'
import { idOf, sendId } from './request-id.ts'

interface ObservedOptions {
  readonly health: Health
  readonly metrics: Metrics
  readonly log: Logger
  /** Sampling limit of the access log. */
  readonly logsPerSecond: number
  readonly slowMs: number
}

/**
 * What every request needs beside its answer: an id, a finished answer, metrics and a line in the
 * access log. One middleware, as each that is passed costs a cache hit several per cent.
 */
export function observed({ health, metrics, log, logsPerSecond, slowMs }: ObservedOptions) {
  const finish = finisher()
  const count = httpMetrics(metrics)
  const writeLine = accessLog({ log, metrics, logsPerSecond, slowMs })

  /** The answer is ready: a log that fails must not turn it into another one. */
  const write = (...line: Parameters<typeof writeLine>) => {
    try {
      writeLine(...line)
    } catch {
      metrics.logLinesLost.inc()
    }
  }

  return createMiddleware<RequestEnv>(async (c, next) => {
    const startedAt = performance.now()
    c.set('requestId', idOf(c))
    await next()
    const finishing = finish(c)
    if (finishing !== undefined) await finishing
    // Clients reconnect to another replica.
    if (health.draining) c.header('Connection', 'close')
    sendId(c)
    const ms = performance.now() - startedAt
    count(c, ms / 1000)
    const stream = c.get('stream')
    if (!stream) write(c, ms)
    else void stream.ended.then(({ error }) => write(c, performance.now() - startedAt, error))
  })
}
