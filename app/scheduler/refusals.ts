import { QueueFullError } from './admission.ts'
import type { Work } from './work.ts'

interface Refused extends Work {
  readonly error: QueueFullError
}

/**
 * The last refusal of each caller for a full queue since a request ended. Until one does nothing gets
 * better, so whoever asks for as much again is refused without counting: under a flood a refusal must
 * cost next to nothing.
 */
export class Refusals {
  readonly #byCaller = new Map<string, Refused>()

  keep(caller: string, { tokens, chars }: Work, error: unknown): void {
    if (error instanceof QueueFullError) this.#byCaller.set(caller, { tokens, chars, error })
  }

  /** The error of a request that asks for no less than one that was refused. */
  of(caller: string, { tokens, chars }: Work): QueueFullError | undefined {
    const refused = this.#byCaller.get(caller)
    const asMuch = refused && tokens >= refused.tokens && chars >= refused.chars
    return asMuch ? refused.error : undefined
  }

  forget(): void {
    this.#byCaller.clear()
  }
}
