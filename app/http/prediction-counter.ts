import type { Prediction } from '../classifier/classify.ts'
import { indexOfHighest } from '../label-scores.ts'
import { SOURCES } from '../telemetry/labels.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { CounterSeries } from '../telemetry/series/kept-counter.ts'

/** A function that counts predictions by source, by winning label and by API key, and those of truncated texts. */
export function predictionCounter(metrics: Metrics, labels: readonly string[]) {
  const bySource = new Map<string, CounterSeries>(
    SOURCES.map((source) => [source, metrics.texts.series({ source })]),
  )
  const byWinner = labels.map((label) => metrics.predictions.series({ label }))

  return (predictions: readonly Prediction[], key = ''): void => {
    metrics.keyTexts.inc({ key }, predictions.length)
    for (const { source, scores, truncated } of predictions) {
      bySource.get(source)?.inc()
      byWinner[indexOfHighest(scores)]?.inc()
      if (truncated) metrics.truncated.inc()
    }
  }
}
