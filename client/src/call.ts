import type { OpenCalls } from './open-calls.ts'
import type { PolarityError } from './polarity-error.ts'
import type { Explanation, LabelScore } from './wire.ts'

/** What the service says of one text. */
export interface Prediction {
  /** The likeliest label, such as `POSITIVE`. */
  readonly label: string
  /** Its probability, from 0 to 1. */
  readonly score: number
  /** Every label of the model, in class order; the scores sum to 1. */
  readonly scores: readonly LabelScore[]
  /** Whether a part of the text was not read, as it has more tokens than the model takes. */
  readonly truncated: boolean
  /** How far each word pushes the score of a label, where `explain` asks for it. */
  readonly explanation?: Explanation
}

export interface CallOptions {
  /** Ends this call alone: others that share a request with it go on. */
  readonly signal?: AbortSignal | undefined
  /** Those that share its deadline. */
  readonly open: OpenCalls
}

/** The texts of one caller, and what becomes of them: all its predictions, or one error. */
export class Call {
  readonly outcome: Promise<Prediction[]>
  /** What went wrong, and is tried again: the reason if the time is up before that succeeds. */
  lastError: PolarityError | undefined
  readonly #predictions: (Prediction | undefined)[]
  readonly #whenEnded: (() => void)[] = []
  #missing: number
  #ended = false
  #resolve: (predictions: Prediction[]) => void = () => undefined
  #reject: (reason: unknown) => void = () => undefined
  readonly #open: OpenCalls

  /** `count`: of its texts. */
  constructor(count: number, { signal, open }: CallOptions) {
    this.#missing = count
    this.#predictions = Array.from({ length: count })
    this.#open = open
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    if (signal) this.#obey(signal)
    if (count === 0) this.#succeed()
    if (!this.#ended) open.add(this)
  }

  get ended(): boolean {
    return this.#ended
  }

  /** On the clock of `performance.now()`. */
  get deadlineAt(): number {
    return this.#open.deadlineAt
  }

  /** Runs at the end of the call, however it ends; at once if it has ended. */
  whenEnded(run: () => void): void {
    if (this.#ended) run()
    else this.#whenEnded.push(run)
  }

  answer(position: number, prediction: Prediction | undefined): void {
    if (this.#ended || !prediction || this.#predictions[position]) return
    this.#predictions[position] = prediction
    this.#missing--
    if (this.#missing === 0) this.#succeed()
  }

  fail(reason: unknown): void {
    if (this.#ended) return
    this.#end()
    this.#reject(reason)
  }

  #succeed(): void {
    if (this.#ended) return
    this.#end()
    this.#resolve(this.#predictions.filter((one) => one !== undefined))
  }

  #end(): void {
    this.#ended = true
    for (const run of this.#whenEnded.splice(0)) run()
  }

  #obey(signal: AbortSignal): void {
    const leave = () => this.fail(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    this.whenEnded(() => signal.removeEventListener('abort', leave))
    if (signal.aborted) leave()
  }
}

/** A signal that aborts once all of these calls have ended. */
export function interestIn(calls: ReadonlySet<Call>): AbortSignal {
  const controller = new AbortController()
  let waiting = calls.size
  for (const call of calls) {
    call.whenEnded(() => {
      waiting--
      if (waiting === 0) controller.abort()
    })
  }
  return controller.signal
}
