import type { Limits } from './limits.ts'
import type { Part } from './part.ts'
import { PolarityError } from './polarity-error.ts'

/** Texts that wait for a request, first come, first served. */
export class WaitingParts {
  #parts: Part[] = []
  /** Index of the first that waits. */
  #from = 0

  get empty(): boolean {
    return this.#from === this.#parts.length
  }

  add(parts: readonly Part[]): void {
    for (const part of parts) this.#parts.push(part)
  }

  /**
   * Takes as many as fit into one request; none that nobody waits for any more, and none that is longer
   * than the service takes: that one's call fails. Of those that alone are too large, one.
   */
  take(limits: Limits, overhead: number): Part[] {
    const taken: Part[] = []
    let bytes = overhead
    for (; !this.empty; this.#from++) {
      const part = this.#parts[this.#from]
      if (!part || !isWanted(part, limits)) continue
      bytes += part.bytes + 1
      const full = taken.length >= limits.maxTexts || bytes > limits.maxBodyBytes
      if (full && taken.length > 0) break
      taken.push(part)
    }
    this.#forgetTaken()
    // A call may have failed with one of its later texts.
    return taken.filter(({ call }) => !call.ended)
  }

  /** Only now and then, as it moves all others. */
  #forgetTaken(): void {
    if (this.#from * 2 < this.#parts.length) return
    this.#parts = this.#parts.slice(this.#from)
    this.#from = 0
  }
}

function isWanted({ call, text, position }: Part, { maxChars }: Limits): boolean {
  if (isLonger(text, maxChars)) call.fail(tooLong(position, maxChars))
  return !call.ended
}

/** Counts code points, as the service does. */
function isLonger(text: string, most: number): boolean {
  if (text.length <= most) return false
  let count = 0
  for (const _ of text) {
    count++
    if (count > most) return true
  }
  return false
}

/** As the service says it, without sending what it can't take. */
function tooLong(position: number, maxChars: number): PolarityError {
  const issue = { path: `text[${position}]`, message: `Longer than ${maxChars} characters.` }
  return new PolarityError({
    code: 'invalid_request',
    status: 422,
    type: 'urn:polarity:problem:invalid_request',
    title: 'Unprocessable Content',
    detail: `${issue.path}: ${issue.message}`,
    errors: [issue],
    positions: [position],
  })
}
