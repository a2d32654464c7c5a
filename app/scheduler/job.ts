import type { Answer, Call } from '../classifier/classify.ts'
import { Lanes } from './length-buckets.ts'

/** One text as token ids, on its way to a worker: text number `index` of `job`. */
export interface Row {
  readonly job: Job
  readonly index: number
  readonly ids: Int32Array
  /** Tokens: the length of `ids`. */
  readonly length: number
  readonly truncated: boolean
  /** Whether a worker failed under it before. */
  readonly again: boolean
}

/** The texts of one request, from admission to the last answer. */
export class Job {
  readonly texts: readonly string[]
  readonly call: Call
  readonly admittedAt: number
  /** Estimated tokens of each text, until the tokenizer has counted them. */
  readonly estimates: readonly number[]
  /** Of all its texts. */
  tokens: number
  /** Texts and tokens that no worker has been given. */
  waitingTexts: number
  waitingTokens: number
  /** Of its caller's requests the one that is due first goes first. */
  dueAt = 0
  /** The first text that the tokenizer has not been given. */
  nextText = 0
  tokenizeMs = 0
  /** When its last token was known. */
  tokenizedAt = 0
  /** Its rows that wait for a worker. */
  readonly rows = new Lanes<Row>()
  readonly #answers: Answer[]
  #open: number
  #settled = false
  readonly #done = Promise.withResolvers<readonly Answer[]>()

  constructor(texts: readonly string[], call: Call, estimates: readonly number[]) {
    this.texts = texts
    this.call = call
    this.admittedAt = performance.now()
    this.estimates = estimates
    this.waitingTexts = texts.length
    this.tokens = estimates.reduce((sum, tokens) => sum + tokens, 0)
    this.waitingTokens = this.tokens
    this.#answers = new Array(texts.length)
    this.#open = texts.length
  }

  /** The answers in the order of the texts, once the last one is there. */
  get done(): Promise<readonly Answer[]> {
    return this.#done.promise
  }

  /** Whether it was answered or failed: what still comes for it is of no use. */
  get settled(): boolean {
    return this.#settled
  }

  /** Takes one text's answer; says whether it was the last. A second answer to a text is a bug, and is thrown. */
  answer(index: number, answer: Answer): boolean {
    if (this.#answers[index]) throw new Error('A text was answered twice.')
    this.#answers[index] = answer
    this.#open--
    return this.#open === 0
  }

  finish(): void {
    this.#settled = true
    this.#done.resolve(this.#answers)
  }

  fail(error: unknown): void {
    this.#settled = true
    this.#done.reject(error)
  }
}
