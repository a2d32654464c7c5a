import type { TokenizedTexts } from '../workers/messages.ts'
import type { Pool } from '../workers/pool.ts'
import type { Job } from './job.ts'

/** UTF-16 code units that the tokenizer is given at once: a few milliseconds' work. */
const MAX_CHUNK_CHARS = 8192

interface Listener {
  /** The texts of `job` from number `from` on, as token ids. */
  tokenized(job: Job, from: number, texts: TokenizedTexts): void
  failed(job: Job, error: unknown): void
}

/** A job and the first of its texts that the tokenizer has not been given. */
interface Turn {
  readonly job: Job
  readonly from: number
}

/** Has texts tokenized round robin, a chunk of each job at a time: a long one holds up no other. */
export class Tokenization {
  readonly #pool: Pool<readonly string[], TokenizedTexts>
  readonly #listener: Listener
  readonly #turns: Turn[] = []
  #running = 0

  constructor(pool: Pool<readonly string[], TokenizedTexts>, listener: Listener) {
    this.#pool = pool
    this.#listener = listener
  }

  add(job: Job): void {
    this.#turns.push({ job, from: 0 })
    this.#dispatch()
  }

  #dispatch(): void {
    while (this.#running < this.#pool.size) {
      const turn = this.#turns.shift()
      if (!turn) return
      if (!turn.job.settled) void this.#take(turn)
    }
  }

  async #take({ job, from }: Turn): Promise<void> {
    const end = endOfChunk(job.texts, from)
    if (end < job.texts.length) this.#turns.push({ job, from: end })

    this.#running++
    try {
      this.#listener.tokenized(job, from, await this.#tokenize(job.texts.slice(from, end)))
    } catch (error) {
      this.#listener.failed(job, error)
    }
    this.#running--
    this.#dispatch()
  }

  /** Retried once if a thread fails: the pool replaces it. */
  #tokenize(texts: readonly string[]): Promise<TokenizedTexts> {
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
