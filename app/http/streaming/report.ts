import type { Context } from 'hono'
import type { Prediction } from '../../classifier/classify.ts'
import type { AppError } from '../../errors.ts'
import type { Metrics } from '../../telemetry/metrics.ts'
import type { predictionCounter } from '../prediction-counter.ts'
import type { RequestEnv } from '../request-env.ts'
import type { Format } from './format.ts'
import type { StreamEnd } from './stream-end.ts'
import { Tally } from './summary.ts'

interface ReportOptions {
  readonly metrics: Metrics
  readonly labels: readonly string[]
  readonly count: ReturnType<typeof predictionCounter>
  readonly format: Format['name']
}

/** What metrics, trace and log are told of one stream: its rows as they are answered, all else at its end. */
export class Report {
  readonly tally: Tally
  readonly #context: Context<RequestEnv>
  readonly #options: ReportOptions
  readonly #startedAt = performance.now()
  #bug: AppError | undefined

  constructor(c: Context<RequestEnv>, options: ReportOptions) {
    const { metrics, labels, format } = options
    this.#context = c
    this.#options = options
    this.tally = new Tally(labels, (rows, errors) => {
      metrics.streamRows.inc({ format, result: 'error' }, errors)
      metrics.streamRows.inc({ format, result: 'prediction' }, rows - errors)
    })
  }

  count(predictions: readonly Prediction[]): void {
    this.#options.count(predictions, this.#context.get('key'))
  }

  /** A row could not be answered. The log tells the first such story of a stream. */
  fail(bug: AppError): void {
    this.#bug ??= bug
  }

  /** Makes the stream known to what reports the request, which then waits for its end. */
  follow(ended: Promise<StreamEnd>): void {
    const { format } = this.#options
    const reported = ended.then(({ error }) => {
      this.#end(error?.code ?? 'complete')
      return { error: error ?? this.#bug }
    })
    this.#context.set('stream', { format, ended: reported })
  }

  #end(end: string): void {
    const { metrics, format } = this.#options
    const { rows, errors } = this.tally
    metrics.streams.inc({ format, end })
    this.#context.set('texts', rows - errors)
    this.#context.get('trace')?.add(
      'stream',
      { startedAt: this.#startedAt, endedAt: performance.now() },
      {
        'polarity.stream.rows': rows,
        'polarity.stream.errors': errors,
        'polarity.stream.end': end,
      },
    )
  }
}
