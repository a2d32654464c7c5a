import { Counter, Histogram, type Registry } from 'prom-client'
import { KeptCounter } from './kept-counter.ts'

/** Answers, predictions and their confidence. */
export const answerMetrics = (registers: Registry[]) => ({
  answers: new KeptCounter({
    name: 'polarity_answers_total',
    help: 'Requests answered with predictions, by dialect: native, tei (Text Embeddings Inference and Hugging Face), v1 (KServe), v2 (Open Inference Protocol) or grpc (the same by gRPC).',
    labelNames: ['dialect'],
    registers,
  }),
  predictions: new KeptCounter({
    name: 'polarity_predictions_total',
    help: 'Predictions returned, by winning label (the one with the highest score).',
    labelNames: ['label'],
    registers,
  }),
  truncated: new Counter({
    name: 'polarity_truncated_texts_total',
    help: "Texts answered that were truncated to the model's token limit.",
    registers,
  }),
  confidence: new Histogram({
    name: 'polarity_confidence',
    help: 'Score of the winning label of each text that ran through the model (cache hits excluded).',
    buckets: [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1],
    registers,
  }),
})
