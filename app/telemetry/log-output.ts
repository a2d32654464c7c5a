import { constants, fstatSync, openSync, write } from 'node:fs'
import { isatty } from 'node:tty'
import { withTimeout } from '../timeout.ts'

/** Bound of the text that waits to be written, in characters; lines beyond it are lost. */
const MAX_WAITING = 1_048_576

/** Size of one write, in characters, unless a single text is longer. */
const MAX_BATCH = 65_536

/** Until the next attempt to write into a full pipe. */
const RETRY_MS = 20

const NEWLINE = 10

type Listener = (lines: number) => void

/**
 * Standard output for log lines, written in the background. It never blocks and never throws: lines
 * that can't be written (full disk, closed pipe) and lines beyond a bound (stuck reader) are lost
 * and counted. The order is kept.
 */
export class LogOutput {
  readonly #fd = openStdout()
  readonly #waiting: string[] = []
  readonly #whenIdle: (() => void)[] = []
  #waitingLength = 0
  #writing = false
  /** Whether what was written last lacks its line break. */
  #torn = false
  #lost = 0
  #unreported = 0
  #onLost: Listener = () => undefined
  #onResumed: Listener = () => undefined

  /** Takes text that ends in a line break. */
  write(text: string): void {
    if (this.#waitingLength + text.length > MAX_WAITING) {
      this.#lose(countLines(Buffer.from(text)))
      return
    }
    this.#waiting.push(text)
    this.#waitingLength += text.length
    if (!this.#writing) this.#writeNext()
  }

  /** Calls the listener with the number of lines lost until now, and then with each new loss. */
  onLost(listener: Listener): void {
    this.#onLost = listener
    listener(this.#lost)
  }

  /** Calls the listener once writing works again after a loss, with the number of lines lost. */
  onResumed(listener: Listener): void {
    this.#onResumed = listener
  }

  /** Resolves once all lines are written or lost, or after this time: then with false. */
  async flush(milliseconds: number): Promise<boolean> {
    if (!this.#writing) return true
    const idle = new Promise<void>((resolve) => this.#whenIdle.push(resolve))
    const late = () => new Error('The last log lines could not be written in time.')
    return await withTimeout(idle, milliseconds, late).then(
      () => true,
      () => false,
    )
  }

  #writeNext(): void {
    const texts = this.#takeBatch()
    this.#writing = texts.length > 0
    if (this.#writing) this.#writeRest(Buffer.from((this.#torn ? '\n' : '') + texts.join('')))
    else for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  #takeBatch(): string[] {
    let length = 0
    const end = this.#waiting.findIndex((text, i) => {
      length += text.length
      return i > 0 && length > MAX_BATCH
    })
    const texts = this.#waiting.splice(0, end === -1 ? this.#waiting.length : end)
    for (const text of texts) this.#waitingLength -= text.length
    return texts
  }

  #writeRest(bytes: Buffer): void {
    write(this.#fd, bytes, 0, bytes.length, null, (error, written) => {
      if (error?.code === 'EAGAIN') setTimeout(() => this.#writeRest(bytes), RETRY_MS)
      else if (error) this.#giveUp(bytes)
      else this.#goOn(bytes, written)
    })
  }

  #giveUp(bytes: Buffer): void {
    // A leading line break ends a line of which the text is written already.
    const ended = this.#torn && bytes[0] === NEWLINE ? 1 : 0
    this.#lose(countLines(bytes) - ended)
    this.#writeNext()
  }

  #goOn(bytes: Buffer, written: number): void {
    if (written > 0) this.#torn = bytes[written - 1] !== NEWLINE
    if (written < bytes.length) {
      this.#writeRest(bytes.subarray(written))
      return
    }
    // Not before there is room: the line that tells of lost lines must not be lost.
    if (this.#unreported > 0 && this.#waitingLength < MAX_WAITING / 2) {
      const lines = this.#unreported
      this.#unreported = 0
      this.#onResumed(lines)
    }
    this.#writeNext()
  }

  #lose(lines: number): void {
    this.#lost += lines
    this.#unreported += lines
    this.#onLost(lines)
  }
}

function countLines(bytes: Buffer): number {
  let lines = 0
  for (const byte of bytes) if (byte === NEWLINE) lines++
  return lines
}

/**
 * A pipe or terminal is opened once more, without blocking: a write that blocks would hold a thread
 * of the runtime, and on Node the exit, until somebody reads. Where that is not possible (a socket,
 * a pipe of another user, not Linux) it is descriptor 1 itself.
 */
function openStdout(): number {
  try {
    if (!isatty(1) && !fstatSync(1).isFIFO()) return 1
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants
    return openSync('/proc/self/fd/1', O_WRONLY | O_NONBLOCK | O_NOCTTY)
  } catch {
    return 1
  }
}
