import { dashboard, row } from './dashboard.ts'
import { batches, stages } from './model-batches.ts'
import { predictions, queue, workers } from './model-queue.ts'
import { shadow } from './shadow.ts'

/** Batches, latency by stage, queue depth and predictions. */
export const model = dashboard({
  uid: 'polarity-model',
  title: 'Polarity: model',
  description: 'Batches, latency by stage, queue depth, workers and predictions.',
  rows: [
    row('Queue', queue),
    row('Workers', workers),
    row('Stages', stages),
    row('Batches', batches),
    row('Predictions', predictions),
    row('Shadow model (only with SHADOW_MODEL)', shadow, { folded: true }),
  ],
})
