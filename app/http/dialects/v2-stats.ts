import type { Metrics } from '../../telemetry/metrics.ts'

interface Sample {
  readonly metricName?: string
  readonly value: number
  readonly labels: Readonly<Partial<Record<string, string | number>>>
}

type Test = (labels: Sample['labels']) => boolean

const NANOSECONDS = 1e9
const NOTHING = { count: 0, ns: 0 }

/** Triton's statistics of the model, from the metrics of this process: of all dialects together. */
export async function toInferenceStats({ registry }: Metrics) {
  const samplesOf = async (metric: string): Promise<readonly Sample[]> =>
    (await registry.getSingleMetric(metric)?.get())?.values ?? []
  const texts = await samplesOf('polarity_texts_total')
  const batches = await samplesOf('polarity_batch_texts')
  const stages = await samplesOf('polarity_stage_duration_seconds')
  const requests = await samplesOf('http_request_duration_seconds')

  const textsOf = (sources: readonly string[]) =>
    sum(texts, ({ source }) => sources.includes(String(source)))
  const stage = (name: string) => durationOf(stages, (labels) => labels.stage === name)
  return {
    inference_count: textsOf(['model']),
    execution_count: durationOf(batches, () => true).count,
    inference_stats: {
      // Only answers with predictions have a cache status.
      success: durationOf(requests, ({ cache }) => cache !== ''),
      fail: durationOf(requests, ({ method, ok }) => method === 'POST' && ok === 'false'),
      queue: stage('queue'),
      compute_input: stage('tokenize'),
      compute_infer: stage('inference'),
      compute_output: NOTHING,
      // Lookups are timed by request, whatever they find.
      cache_hit: { count: textsOf(['memory', 'redis']), ns: stage('cache').ns },
      cache_miss: { count: textsOf(['coalesced', 'model']), ns: 0 },
    },
    batch_stats: [],
  }
}

/** Of all series of a histogram that pass the test. */
function durationOf(samples: readonly Sample[], test: Test) {
  const total = (suffix: string) =>
    sum(
      samples.filter(({ metricName }) => metricName?.endsWith(suffix)),
      test,
    )
  return { count: total('_count'), ns: Math.round(total('_sum') * NANOSECONDS) }
}

const sum = (samples: readonly Sample[], test: Test): number =>
  samples.reduce((total, { value, labels }) => total + (test(labels) ? value : 0), 0)
