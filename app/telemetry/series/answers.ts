import { Counter, Histogram, type Registry } from 'prom-client'

/** What was answered, and how sure the model was. */
export const answerMetrics = (registers: Registry[]) => ({
  predictions: new Counter({
    name: 'polarity_predictions_total',
    help: 'Texts answered, by the label with the highest score.',
    labelNames: ['label'],
    registers,
  }),
  truncated: new Counter({
    name: 'polarity_truncated_texts_total',
    help: 'Texts answered after being cut to the longest that the model reads.',
    registers,
  }),
  confidence: new Histogram({
    name: 'polarity_confidence',
    help: 'Highest score of each text that the model read.',
    buckets: [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1],
    registers,
  }),
})
