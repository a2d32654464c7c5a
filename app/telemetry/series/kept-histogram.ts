import { Histogram, type HistogramConfiguration } from 'prom-client'
import type { Exemplar } from '../trace.ts'

/** One series of a histogram. */
export interface HistogramSeries {
  /** The exemplar links the value to a trace. */
  observe(value: number, exemplar?: Exemplar): void
}

interface Configuration<Label extends string> extends HistogramConfiguration<Label> {
  readonly buckets: number[]
}

/** A sample as prom-client's registry writes it. */
interface Sample {
  readonly metricName: string
  readonly labels: Readonly<Record<string, string | number>>
  /** Read by the library's `get`. */
  readonly sharedLabels: Readonly<Record<string, string>>
  readonly value: number
  readonly exemplar?: KeptExemplar | undefined
}

interface KeptExemplar {
  readonly labelSet: Exemplar
  readonly value: number
  /** Seconds since 1970. */
  readonly timestamp: number
}

/** A histogram whose series can be kept by those who observe, as those of `KeptCounter`. */
export class KeptHistogram<Label extends string> extends Histogram<Label> {
  // Not private by `#`: a scrape in the other format reads them through an object that inherits from this one.
  private readonly configuration: Configuration<Label>
  private readonly kept = new Map<string, Kept>()

  constructor(configuration: Configuration<Label>) {
    super(configuration)
    this.configuration = configuration
  }

  /** The same for equal labels. It exists from here on, with value 0. */
  series(labels: Readonly<Record<Label, string>>): HistogramSeries {
    const key = JSON.stringify(Object.entries(labels).sort())
    const series = this.kept.get(key) ?? new Kept(labels, this.configuration.buckets)
    this.kept.set(key, series)
    return series
  }

  /** What prom-client's `get` and registries ask for. */
  async getForPromString() {
    const { name, help } = this.configuration
    const values = [...this.kept.values()].flatMap((series) => series.toSamples(name))
    return { name, help, type: 'histogram', values, aggregator: 'sum' }
  }
}

class Kept implements HistogramSeries {
  readonly #labels: Readonly<Record<string, string | number>>
  readonly #bounds: readonly number[]
  /** Values of each bucket alone; the last one is for those above all bounds. */
  readonly #counts: number[]
  readonly #exemplars: (KeptExemplar | undefined)[] = []
  #sum = 0

  constructor(labels: Readonly<Record<string, string | number>>, bounds: readonly number[]) {
    this.#labels = labels
    this.#bounds = bounds
    this.#counts = new Array(bounds.length + 1).fill(0)
  }

  observe(value: number, exemplar?: Exemplar): void {
    const bucket = this.#bucketOf(value)
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#sum += value
    if (!exemplar) return
    this.#exemplars[bucket] = { labelSet: exemplar, value, timestamp: Date.now() / 1000 }
  }

  #bucketOf(value: number): number {
    let bucket = 0
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] ?? 0)) bucket++
    return bucket
  }

  /** Cumulative, as the exposition format has them. */
  toSamples(name: string): Sample[] {
    const labels = this.#labels
    let count = 0
    const buckets = this.#counts.map((more, bucket) => {
      count += more
      const le = this.#bounds[bucket] ?? '+Inf'
      const sample = sampleOf(`${name}_bucket`, { le, ...labels }, count)
      return { ...sample, exemplar: this.#exemplars[bucket] }
    })
    return [
      ...buckets,
      sampleOf(`${name}_sum`, labels, this.#sum),
      sampleOf(`${name}_count`, labels, count),
    ]
  }
}

const sampleOf = (metricName: string, labels: Sample['labels'], value: number): Sample => ({
  metricName,
  labels,
  sharedLabels: {},
  value,
})
