import { randomUUID } from 'node:crypto'
import { type ErrorCode, PROBLEMS } from '../errors.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { createSampler } from '../telemetry/sampler.ts'

/** An answer to what is no request that a route could take, for a server to send and then close. */
interface Refusal {
  readonly status: number
  readonly title: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Refuse = (code: ErrorCode) => Refusal

interface RefusalsOptions {
  readonly metrics: Metrics
  readonly log: Logger
  /** Sampling limit of the log. */
  readonly logsPerSecond: number
}

/** Answers, counts and logs what a runtime's HTTP parser refuses, as the routes do their errors. */
export function createRefusals({ metrics, log, logsPerSecond }: RefusalsOptions): Refuse {
  const sampler = createSampler(logsPerSecond)

  return (code) => {
    const { status, title, when } = PROBLEMS[code]
    const request_id = randomUUID()
    metrics.rejected.inc({ code })
    if (sampler.take()) {
      const unlogged = sampler.skipped() || undefined
      log.info({ event: 'request_refused', request_id, status, code, unlogged }, 'request refused')
    }
    const type = `urn:polarity:problem:${code}`
    return {
      status,
      title,
      headers: {
        'content-type': 'application/problem+json',
        'x-content-type-options': 'nosniff',
        'x-request-id': request_id,
        connection: 'close',
      },
      body: JSON.stringify({ type, title, status, detail: when, code, request_id }),
    }
  }
}
