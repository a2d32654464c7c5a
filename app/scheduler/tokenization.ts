import type { Encoded } from '../workers/messages.ts'
import type { Pool } from '../workers/pool.ts'
import type { Job } from './job.ts'

/** Texts that the tokenizer is given at once, in UTF-16 code units: a few milliseconds' work. */
const MAX_CHUNK_CHARS = 8192

interface Outcome {
  /** The texts of `job` from number `from` on, as token ids. */
  encoded(job: Job, from: number, encoded: Encoded): void
  failed(job: Job, error: unknown): void
}

/** Has texts tokenized, each request a part at a time in turn: a long one holds up no other. */
export class Encoding {
  readonly #pool: Pool<readonly string[], Encoded>
  readonly #outcome: Outcome
  readonly #turns: Job[] = []
  #running = 0

  constructor(pool: Pool<readonly string[], Encoded>, outcome: Outcome) {
    this.#pool = pool
    this.#outcome = outcome
  }

  add(job: Job): void {
    this.#turns.push(job)
    this.#dispatch()
  }

  #dispatch(): void {
    while (this.#running < this.#pool.size) {
      const job = this.#turns.shift()
      if (!job) return
      if (!job.settled) void this.#encode(job)
    }
  }

  async #encode(job: Job): Promise<void> {
    const from = job.nextText
    job.nextText = endOfChunk(job.texts, from)
    if (job.nextText < job.texts.length) this.#turns.push(job)

    this.#running++
    try {
      const encoded = await this.#tokenize(job.texts.slice(from, job.nextText))
      this.#outcome.encoded(job, from, encoded)
    } catch (error) {
      this.#outcome.failed(job, error)
    }
    this.#running--
    this.#dispatch()
  }

  /** Once more if a tokenizer fails under it: another thread takes its place. */
  #tokenize(texts: readonly string[]): Promise<Encoded> {
    return this.#pool.run(texts).catch(() => this.#pool.run(texts))
  }
}

/** One text at least, and as many more as stay below the bound. */
function endOfChunk(texts: readonly string[], from: number): number {
  let chars = texts[from]?.length ?? 0
  let end = from + 1
  for (; end < texts.length; end++) {
    chars += texts[end]?.length ?? 0
    if (chars > MAX_CHUNK_CHARS) break
  }
  return end
}
