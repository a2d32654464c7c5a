import { AppError } from '../errors.ts'
import { type TokenizedTexts, WorkerHung } from '../workers/messages.ts'
import type { Job } from './job.ts'
import type { Pools } from './options.ts'
import { Turns } from './turns.ts'

/** UTF-16 code units that the tokenizer is given at once: a few milliseconds' work. */
const MAX_CHUNK_CHARS = 8192
/**
 * UTF-16 code units of a request that is tokenized at once, in this thread: some tens of microseconds,
 * less than to hand it to another thread, whose answer waits for a turn of a busy event loop.
 */
const SHORT_CHARS = 1024
/** What a turn costs beside its characters: empty texts are not free either. */
const TURN_CHARS = 64

type TokenizerPools = Pick<Pools, 'tokenizers' | 'tokenizeShort'>

interface Listener {
  /** Texts of `job`, by their numbers, as token ids. */
  tokenized(job: Job, indexes: readonly number[], texts: TokenizedTexts): void
  failed(job: Job, error: unknown): void
}

/** A job, from text number `from` on, or that text alone. */
interface Turn {
  readonly caller: string
  readonly job: Job
  readonly from: number
  readonly alone: boolean
}

/**
 * Has texts tokenized, a chunk at a time, each caller as much as every other: neither a long request
 * nor a thousand of them hold up another caller.
 */
export class Tokenization {
  readonly #pools: TokenizerPools
  readonly #listener: Listener
  readonly #turns = new Turns<Turn>()
  #running = 0

  constructor(pools: TokenizerPools, listener: Listener) {
    this.#pools = pools
    this.#listener = listener
  }

  add(job: Job): void {
    const { tokenizeShort } = this.#pools
    if (tokenizeShort && charsOf(job.texts) <= SHORT_CHARS) {
      const indexes = [...job.texts.keys()]
      for (const index of indexes) job.take(index)
      this.#listener.tokenized(job, indexes, tokenizeShort(job.texts))
      return
    }
    this.#turns.add({ caller: job.caller, job, from: 0, alone: false })
    this.#dispatch()
  }

  /** Has one text of a job tokenized in the turn of another caller as well, whichever comes first. */
  addShared(job: Job, index: number, caller: string): void {
    this.#turns.add({ caller, job, from: index, alone: true })
    this.#dispatch()
  }

  #dispatch(): void {
    while (this.#running < this.#pools.tokenizers.size) {
      const turn = this.#turns.next()
      if (!turn) return
      const chunk = turn.job.settled ? [] : takeChunk(turn)
      const cost = TURN_CHARS + turn.job.charsOfAll(chunk)
      this.#turns.charge(turn, cost, restOf(turn, chunk))
      if (chunk.length > 0) void this.#run(turn.job, chunk)
    }
  }

  async #run(job: Job, indexes: readonly number[]): Promise<void> {
    this.#running++
    try {
      const texts = indexes.map((index) => job.texts[index] ?? '')
      this.#listener.tokenized(job, indexes, await this.#tokenize(texts))
    } catch (error) {
      this.#listener.failed(job, error)
    }
    this.#running--
    this.#dispatch()
  }

  /**
   * Retried once if a thread fails: the pool replaces it. What hung a thread would hang the next one,
   * and is refused.
   */
  #tokenize(texts: readonly string[]): Promise<TokenizedTexts> {
    const { tokenizers } = this.#pools
    return tokenizers.run(texts).catch((error) => {
      if (error instanceof WorkerHung) throw tooSlow(error)
      return tokenizers.run(texts)
    })
  }
}

const charsOf = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.length, 0)

const tooSlow = (cause: WorkerHung): AppError =>
  new AppError('invalid_request', "A text takes the model's tokenizer too long.", { cause })

/** The numbers of the texts that come next: one at least, and as many more as stay below the bound. */
function takeChunk({ job, from, alone }: Turn): number[] {
  const chunk: number[] = []
  let chars = 0
  for (let index = from; index < (alone ? from + 1 : job.texts.length); index++) {
    if (job.isTaken(index)) continue
    chars += job.charsOf(index)
    if (chunk.length > 0 && chars > MAX_CHUNK_CHARS) break
    job.take(index)
    chunk.push(index)
  }
  return chunk
}

/** What is left of a turn for the next one. */
function restOf(turn: Turn, chunk: readonly number[]): Turn | undefined {
  const last = chunk.at(-1)
  if (turn.alone || last === undefined || last + 1 >= turn.job.texts.length) return undefined
  return { ...turn, from: last + 1 }
}
