import type { Call, Prediction } from '../classifier/classify.ts'
import { type Place, placeOf, type Speed } from './place.ts'

/** One text as token ids, on its way to a worker: text number `index` of `job`. */
export interface Row {
  readonly job: Job
  readonly index: number
  readonly ids: Int32Array
  /** Tokens: the length of `ids`. */
  readonly length: number
  readonly truncated: boolean
  /** Whether a worker failed while it ran this row before. */
  readonly retry: boolean
}

interface JobOptions extends Speed {
  /** Estimated tokens of each text, until the tokenizer has counted them. */
  readonly estimates: readonly number[]
  readonly admittedAt: number
}

/**
 * The texts of one request, from admission to the last prediction. Only the job itself writes its
 * state.
 */
export class Job implements Place {
  readonly texts: readonly string[]
  readonly call: Call
  readonly caller: string
  readonly admittedAt: number
  readonly dueAt: number
  readonly lateAt: number
  readonly #tokens: number[]
  readonly #taken: boolean[] = []
  #indexes: ReadonlyMap<string, number> | undefined
  readonly #shared = new Map<number, Map<string, Place>>()
  #untokenizedChars: number
  #totalTokens = 0
  #waitingTexts: number
  #waitingTokens: number
  #tokenizeMs = 0
  #tokenizedAt = 0
  readonly #predictions: Prediction[]
  #unanswered: number
  #settled = false
  readonly #done = Promise.withResolvers<readonly Prediction[]>()

  constructor(texts: readonly string[], call: Call, options: JobOptions) {
    this.texts = texts
    this.call = call
    this.caller = call.caller()
    this.#tokens = [...options.estimates]
    this.#totalTokens = this.#tokens.reduce((sum, tokens) => sum + tokens, 0)
    this.#waitingTexts = texts.length
    this.#waitingTokens = this.#totalTokens
    this.admittedAt = options.admittedAt
    const { dueAt, lateAt } = placeOf(this.caller, {
      tokens: this.#totalTokens,
      batchTokens: options.batchTokens,
      tokensPerMs: options.tokensPerMs,
      now: options.admittedAt,
      deadlineAt: call.deadlineAt,
      behindOthers: call.behindOthers,
    })
    this.dueAt = dueAt
    this.lateAt = lateAt
    this.#untokenizedChars = texts.reduce((sum, text) => sum + text.length, 0)
    this.#predictions = new Array(texts.length)
    this.#unanswered = texts.length
  }

  /** Tokens of all its texts: counted where the tokenizer has seen them, else estimated. */
  get tokens(): number {
    return this.#totalTokens
  }

  /** UTF-16 code units of the texts that are not tokenized. */
  get untokenizedChars(): number {
    return this.#untokenizedChars
  }

  charsOf(index: number): number {
    return this.texts[index]?.length ?? 0
  }

  charsOfAll(indexes: readonly number[]): number {
    return indexes.reduce((sum, index) => sum + this.charsOf(index), 0)
  }

  /** Whether the tokenizer was given a text. */
  isTaken(index: number): boolean {
    return this.#taken[index] ?? false
  }

  take(index: number): void {
    this.#taken[index] = true
  }

  /** Places of other requests that wait for a text of this one: each may have it served. */
  placesOf(index: number): Iterable<Place> {
    return this.#shared.get(index)?.values() ?? []
  }

  /** Adds such a place, in the stead of an earlier one of the same caller. */
  share(index: number, place: Place): void {
    const places = this.#shared.get(index) ?? new Map<string, Place>()
    this.#shared.set(index, places.set(place.caller, place))
  }

  /** The place of this caller that a text has beside its own one. */
  placeOf(index: number, caller: string): Place | undefined {
    return this.#shared.get(index)?.get(caller)
  }

  /** The number of one of its texts, which are distinct where others share them. */
  indexOf(text: string): number {
    this.#indexes ??= new Map(this.texts.map((one, index) => [one, index]))
    return this.#indexes.get(text) ?? -1
  }

  /** Texts that no worker has been given. */
  get waitingTexts(): number {
    return this.#waitingTexts
  }

  /** Tokens of the texts that no worker has been given. */
  get waitingTokens(): number {
    return this.#waitingTokens
  }

  /** Milliseconds that the tokenizer worked for it. */
  get tokenizeMs(): number {
    return this.#tokenizeMs
  }

  /** When the tokenizer was last done with a part of it. */
  get tokenizedAt(): number {
    return this.#tokenizedAt
  }

  /** The predictions in the order of the texts, once the last one is there. */
  get done(): Promise<readonly Prediction[]> {
    return this.#done.promise
  }

  /** Whether it was answered or failed: what still comes for it is of no use. */
  get settled(): boolean {
    return this.#settled
  }

  addTokenizeTime(milliseconds: number, endedAt: number): void {
    this.#tokenizeMs += milliseconds
    this.#tokenizedAt = endedAt
  }

  /** Replaces the estimate for one text by its count; returns by how many tokens it was too low. */
  countTokens(index: number, tokens: number): number {
    const lacking = tokens - (this.#tokens[index] ?? 0)
    this.#tokens[index] = tokens
    this.#totalTokens += lacking
    this.#waitingTokens += lacking
    this.#untokenizedChars -= this.charsOf(index)
    return lacking
  }

  /** Counts texts as waiting for a worker, or as waiting no more if negative. */
  addWaiting(texts: number, tokens: number): void {
    this.#waitingTexts += texts
    this.#waitingTokens += tokens
  }

  /**
   * Takes one text's prediction; returns whether it was the last. Throws on a second one for a
   * text: a bug.
   */
  answer(index: number, prediction: Prediction): boolean {
    if (this.#predictions[index]) throw new Error('A text was answered twice.')
    this.#predictions[index] = prediction
    this.#unanswered--
    return this.#unanswered === 0
  }

  /** Tells the caller of one text's prediction; it may abort the job thereupon. */
  announce(index: number): void {
    const text = this.texts[index]
    const prediction = this.#predictions[index]
    if (text !== undefined && prediction) this.call.onPrediction?.(text, prediction)
  }

  finish(): void {
    this.#settled = true
    this.#done.resolve(this.#predictions)
  }

  fail(error: unknown): void {
    this.#settled = true
    this.#done.reject(error)
  }
}
