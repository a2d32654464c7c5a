import type { Call, ClassifyAtOnce, Prediction } from '../../classifier/classify.ts'
import { monotonic } from '../../clock.ts'
import { AppError, type ErrorCode, toAppError } from '../../errors.ts'
import { createTiming } from '../../telemetry/timing.ts'
import { NO_TRACE } from '../../telemetry/trace.ts'
import { startDeadline } from '../deadline.ts'
import { patiently } from './patiently.ts'
import type { Report } from './report.ts'
import { type AnsweredRow, isPrediction, type Row, type RowError, toRowError } from './row.ts'

/** Rows that were answered, and why those behind them were not. */
export interface Answered {
  readonly rows: readonly AnsweredRow[]
  readonly error?: AppError
}

interface AskerOptions {
  readonly classify: ClassifyAtOnce
  readonly caller: string
  /** For each window, from when it is sent; and as long for it to be admitted. */
  readonly timeoutSeconds: number
  /** Tokens of the longest text that is read whole, if others are refused. */
  readonly refusedAbove: number | undefined
  /** Aborts when the client has left. */
  readonly left: AbortSignal
  /** Aborts when no more rows are wanted. */
  readonly stopped: AbortSignal
  readonly report: Pick<Report, 'count' | 'fail'>
}

/** Errors that are about a text, or may be: sent alone, the others are not refused for it. */
const OF_ONE_TEXT: ReadonlySet<ErrorCode> = new Set([
  'invalid_request',
  'payload_too_large',
  'internal',
])

/** Asks for the predictions of rows, as requests do that may wait behind their caller's others. */
export class Asker {
  readonly #options: AskerOptions

  constructor(options: AskerOptions) {
    this.#options = options
  }

  /** Answers each row, but for those from an error on that is about none of them. Never rejects. */
  async ask(rows: readonly Row[]): Promise<Answered> {
    try {
      return { rows: await this.#askTogether(rows) }
    } catch (cause) {
      const error = toAppError(cause)
      if (!OF_ONE_TEXT.has(error.code)) return { rows: [], error: resumable(error) }
      if (rows.length > 1) return await this.#askOneByOne(rows)
      if (error.code === 'internal') this.#options.report.fail(error)
      return { rows: refused(rows, error) }
    }
  }

  async #askOneByOne(rows: readonly Row[]): Promise<Answered> {
    const all: AnsweredRow[] = []
    for (const row of rows) {
      const { rows: answered, error } = await this.ask([row])
      all.push(...answered)
      if (error) return { rows: all, error }
    }
    return { rows: all }
  }

  async #askTogether(rows: readonly Row[]): Promise<AnsweredRow[]> {
    const texts = rows.flatMap(({ content }) => (typeof content === 'string' ? [content] : []))
    const predictions = texts.length > 0 ? await this.#classify(texts) : []
    const outcomes = predictions.map((prediction) => this.#outcomeOf(prediction))
    this.#options.report.count(outcomes.filter(isPrediction))
    const rest = outcomes.values()
    return rows.map((row) => {
      const outcome = typeof row.content === 'string' ? rest.next().value : row.content
      if (!outcome) throw new Error('A row was left without an answer.')
      return { row, outcome }
    })
  }

  #outcomeOf(prediction: Prediction): Prediction | RowError {
    const { refusedAbove } = this.#options
    if (refusedAbove === undefined || !prediction.truncated) return prediction
    return { code: 'invalid_request', message: `Longer than ${refusedAbove} tokens.` }
  }

  #classify(texts: readonly string[]): Promise<readonly Prediction[]> {
    const { classify, caller, timeoutSeconds, left, stopped } = this.#options
    const ask = async () => {
      const deadline = startDeadline(left, timeoutSeconds * 1000)
      const call: Call = {
        timing: createTiming(),
        trace: NO_TRACE,
        caller: () => caller,
        deadlineAt: monotonic() + timeoutSeconds * 1000,
        signal: () => deadline.signal,
        behindOthers: true,
      }
      try {
        return await classify(texts, call)
      } finally {
        deadline.clear()
      }
    }
    return patiently(ask, { seconds: timeoutSeconds, signal: stopped })
  }
}

/** A window that took too long may take less in a while, when less goes on. */
const resumable = (error: AppError) =>
  error.code === 'deadline_exceeded'
    ? new AppError(error.code, error.message, { headers: { 'Retry-After': '1' }, cause: error })
    : error

const refused = (rows: readonly Row[], error: AppError): AnsweredRow[] =>
  rows.map((row) => ({ row, outcome: toRowError(error) }))
