import { indexOfHighest } from '../label-scores.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { zip } from '../zip.ts'

/** Runs another model: texts in, the scores of each out, in the order of the served model's labels. */
export type Infer = (texts: readonly string[]) => Promise<readonly (readonly number[])[]>

export interface ComparisonOptions {
  /** The share of texts that are compared, from 0 to 1. */
  readonly share: number
  /** Of the served model. */
  readonly labels: readonly string[]
  /** Whether the other model may run now. */
  readonly isIdle: () => boolean
  readonly metrics: Metrics
  /** From 0 up to 1. */
  readonly random?: () => number
}

interface Predicted {
  readonly text: string
  readonly scores: readonly number[]
}

/** What may wait; beyond it texts are dropped. Two megabytes of texts at most. */
const MAX_WAITING_TEXTS = 1024
const MAX_WAITING_CHARS = 1_048_576
/** Of one batch, or one text that is longer: over in some tens of milliseconds. */
const MAX_BATCH_TEXTS = 8
const MAX_BATCH_CHARS = 1024

/** Texts that wait to be predicted by another model too, and the counts of how it differs. */
export class Comparison {
  readonly #infer: Infer
  readonly #options: ComparisonOptions
  readonly #random: () => number
  #waiting: Predicted[] = []
  /** UTF-16 code units. */
  #waitingChars = 0
  #running = false

  constructor(infer: Infer, options: ComparisonOptions) {
    this.#infer = infer
    this.#options = options
    this.#random = options.random ?? Math.random
  }

  /** Takes a text with the scores that it was answered with, or does not, as the share says. */
  add(text: string, scores: readonly number[]): void {
    const { share, metrics } = this.#options
    if (this.#random() >= share) return
    const chars = this.#waitingChars + text.length
    if (this.#waiting.length >= MAX_WAITING_TEXTS || chars > MAX_WAITING_CHARS) {
      metrics.shadowTexts.inc({ result: 'dropped' })
      return
    }
    this.#waiting.push({ text, scores })
    this.#waitingChars = chars
  }

  /** Compares what waits, a batch at a time, until nothing does or there is better to do. Never throws. */
  proceed(): void {
    if (this.#running || this.#waiting.length === 0 || !this.#options.isIdle()) return
    this.#running = true
    void this.#compare(this.#take()).then(() => {
      this.#running = false
      this.proceed()
    })
  }

  #take(): readonly Predicted[] {
    let chars = 0
    let texts = 0
    for (const { text } of this.#waiting.slice(0, MAX_BATCH_TEXTS)) {
      chars += text.length
      if (texts > 0 && chars > MAX_BATCH_CHARS) break
      texts++
      this.#waitingChars -= text.length
    }
    const batch = this.#waiting.slice(0, texts)
    this.#waiting = this.#waiting.slice(texts)
    return batch
  }

  async #compare(batch: readonly Predicted[]): Promise<void> {
    const { metrics } = this.#options
    try {
      const found = await this.#infer(batch.map(({ text }) => text))
      for (const [{ scores }, others] of zip(batch, found)) this.#count(scores, others)
    } catch {
      metrics.shadowTexts.inc({ result: 'failed' }, batch.length)
    }
  }

  #count(scores: readonly number[], others: readonly number[]): void {
    const { metrics, labels } = this.#options
    const winner = indexOfHighest(scores)
    const label = labels[winner] ?? ''
    const shadowLabel = labels[indexOfHighest(others)] ?? ''
    metrics.shadowTexts.inc({ result: label === shadowLabel ? 'agreed' : 'differed' })
    metrics.shadowAgreement.inc({ label, shadow_label: shadowLabel })
    metrics.shadowScoreDifference.observe(Math.abs((scores[winner] ?? 0) - (others[winner] ?? 0)))
  }
}
