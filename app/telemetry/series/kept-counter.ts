import { Counter, type CounterConfiguration, type LabelValues } from 'prom-client'

/** One series of a counter. */
export interface CounterSeries {
  inc(by?: number): void
}

/**
 * A counter whose series can be kept by those who count: prom-client's own `inc` looks its labels up
 * each time, which costs a cache hit more than its lookup. The counter has the sum at each scrape.
 */
export class KeptCounter<Label extends string> extends Counter<Label> {
  readonly #kept: Kept<Label>[]

  constructor(configuration: CounterConfiguration<Label>) {
    const kept: Kept<Label>[] = []
    super({
      ...configuration,
      collect() {
        for (const series of kept) this.inc(series.labels, series.take())
      },
    })
    this.#kept = kept
  }

  /** To be asked for once. It exists from here on, with value 0. */
  series(labels: LabelValues<Label>): CounterSeries {
    const series = new Kept(labels)
    this.#kept.push(series)
    return series
  }
}

class Kept<Label extends string> implements CounterSeries {
  readonly labels: LabelValues<Label>
  #uncounted = 0

  constructor(labels: LabelValues<Label>) {
    this.labels = labels
  }

  inc(by = 1): void {
    this.#uncounted += by
  }

  /** What was counted since this was asked for last. */
  take(): number {
    const uncounted = this.#uncounted
    this.#uncounted = 0
    return uncounted
  }
}
