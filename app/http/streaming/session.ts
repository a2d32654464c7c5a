import { AppError, toAppError } from '../../errors.ts'
import type { Answered, Asker } from './asker.ts'
import type { BodySource } from './body-source.ts'
import type { RowWriter } from './format.ts'
import { HandOver } from './hand-over.ts'
import { patiently } from './patiently.ts'
import type { Position, Row } from './row.ts'
import type { StreamEnd } from './stream-end.ts'
import type { Tally } from './summary.ts'
import type { Load, Window } from './window.ts'

interface SessionParts {
  readonly source: BodySource
  readonly rows: AsyncIterable<readonly Row[]>
  readonly window: Window
  readonly asker: Asker
  readonly writer: RowWriter
  readonly tally: Tally
  /** Aborts when the client has left: nothing that runs for it is of use any more. */
  readonly left: AbortController
  /** Aborts when no more rows are read: those in the window are still answered. */
  readonly stopped: AbortController
  /** Estimated tokens, and bytes. */
  readonly loadOf: (rows: readonly Row[]) => Load
  /** How long a row may take to arrive. */
  readonly bodyTimeoutSeconds: number
  /** How long an answer may wait to be taken, and rows to be let into the window. */
  readonly timeoutSeconds: number
}

interface InFlight {
  readonly load: Load
  readonly answered: Promise<Answered>
}

/**
 * One stream of rows, from the first byte of its body to the last line of its answer. It reads rows
 * into its window for as long as there is room, and has them answered side by side; what is taken
 * from it is in the order of the rows, and makes room for more.
 */
export class Session {
  readonly #parts: SessionParts
  readonly #inFlight = new HandOver<InFlight>()
  readonly #ended = Promise.withResolvers<StreamEnd>()
  /** Why no more rows are read; `undefined` as long as they are, and where there are no more. */
  #reason: AppError | undefined
  #hasAllRows = false
  #isOver = false
  /** Behind the last row that was answered. */
  #next: Position = { line: 1, byte: 0 }
  /** When it began to wait for the row that comes next, and for its client to take the answers. */
  #awaitsRowSince: number | undefined = performance.now()
  #awaitsClientSince: number | undefined

  constructor(parts: SessionParts) {
    this.#parts = parts
    void this.#read()
  }

  get ended(): Promise<StreamEnd> {
    return this.#ended.promise
  }

  /** A newline has come: the client still sends. */
  heard(): void {
    if (this.#awaitsRowSince !== undefined) this.#awaitsRowSince = performance.now()
  }

  /**
   * The next piece of the answer: its last one is the summary, and then there is none. Throws why it
   * ends if that is before the first row.
   */
  async take(): Promise<string | undefined> {
    try {
      return this.#isOver ? undefined : await this.#takeNext()
    } catch (error) {
      this.#close(toAppError(error))
      throw error
    }
  }

  async #takeNext(): Promise<string | undefined> {
    this.#awaitsClientSince = undefined
    const next = await this.#inFlight.take()
    const answered = next && (await next.answered)
    if (this.#isOver) return undefined
    const text = answered ? this.#write(answered) : ''
    if (next) this.#parts.window.leave(next.load)
    if (answered?.error) this.#breakOff(answered.error)
    this.#awaitsClientSince = performance.now()
    return answered && !answered.error ? text : text + this.#end()
  }

  /** Reads no more rows, if there are more. What is in the window is answered, and then why it has ended. */
  stop(reason: AppError): void {
    if (!this.#hasAllRows) this.#breakOff(reason)
  }

  /** Ends at once: its client has gone, or takes nothing any more. */
  leave(why = 'The client closed the connection.'): void {
    if (this.#isOver) return
    const reason = new AppError('client_closed', why)
    this.#breakOff(reason)
    this.#close(reason)
  }

  /** Stops if the next row has not come in time; leaves and returns true if an answer was not taken in time. */
  checkTime(now: number): boolean {
    const { bodyTimeoutSeconds, timeoutSeconds } = this.#parts
    if (isOver(this.#awaitsRowSince, bodyTimeoutSeconds, now))
      this.stop(tooSlow(bodyTimeoutSeconds))
    const stalled = isOver(this.#awaitsClientSince, timeoutSeconds, now)
    if (stalled) this.leave('The client does not read.')
    return stalled
  }

  async #read(): Promise<void> {
    try {
      for await (const rows of this.#parts.rows) await this.#send(rows)
      this.#hasAllRows = true
    } catch (error) {
      this.#reason ??= toAppError(error)
    }
    this.#awaitsRowSince = undefined
    this.#inFlight.close()
  }

  #breakOff(reason: AppError): void {
    this.#reason ??= reason
    const { source, window, stopped } = this.#parts
    stopped.abort(this.#reason)
    source.stop(this.#reason)
    window.stop(this.#reason)
  }

  async #send(rows: readonly Row[]): Promise<void> {
    const { window, asker, loadOf, timeoutSeconds: seconds, stopped } = this.#parts
    stopped.signal.throwIfAborted()
    this.#awaitsRowSince = undefined
    const load = loadOf(rows)
    await patiently(() => window.enter(load), { seconds, signal: stopped.signal })
    this.#inFlight.put({ load, answered: asker.ask(rows) })
    this.#awaitsRowSince = performance.now()
  }

  #write({ rows }: Answered): string {
    const { writer, tally } = this.#parts
    const head = tally.rows === 0 && rows.length > 0 ? writer.head : ''
    tally.count(rows)
    this.#next = rows.at(-1)?.row.frame.end ?? this.#next
    return head + (rows.length > 0 ? writer.write(rows) : '')
  }

  #end(): string {
    const { writer, tally } = this.#parts
    const reason = this.#reason
    this.#close(reason)
    if (reason && tally.rows === 0) throw reason
    const head = tally.rows === 0 ? writer.head : ''
    const summary = reason ? tally.incomplete(this.#next, reason) : tally.complete()
    return head + writer.end(summary)
  }

  #close(error: AppError | undefined): void {
    if (this.#isOver) return
    this.#isOver = true
    const { left, window } = this.#parts
    left.abort(error ?? new AppError('client_closed', 'The stream has ended.'))
    window.close()
    this.#ended.resolve({ error })
  }
}

const isOver = (since: number | undefined, seconds: number, now: number) =>
  since !== undefined && now - since > seconds * 1000

const tooSlow = (seconds: number) =>
  new AppError('request_timeout', `No row came in ${seconds} s.`, {
    headers: { 'Retry-After': '0' },
  })
