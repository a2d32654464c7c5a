import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** Batches and tokens that the model ran. */
export const modelMetrics = (registers: Registry[]) => ({
  batchTexts: new Histogram({
    name: 'polarity_batch_texts',
    help: 'Texts per inference batch.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers,
  }),
  batchTokens: new Histogram({
    name: 'polarity_batch_tokens',
    help: 'Tokens per inference batch, padding included.',
    buckets: [8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096],
    registers,
  }),
  tokens: new Counter({
    name: 'polarity_tokens_total',
    help: 'Tokens run through the model, padding excluded.',
    registers,
  }),
  paddingTokens: new Counter({
    name: 'polarity_padding_tokens_total',
    help: 'Padding tokens run through the model.',
    registers,
  }),
  modelInfo: new Gauge({
    name: 'polarity_model_info',
    help: 'Always 1; the labels identify the model that is served.',
    labelNames: ['id', 'digest', 'dtype'],
    registers,
  }),
  numericsInfo: new Gauge({
    name: 'polarity_numerics_info',
    help: 'Always 1; its label names the class of machines that compute the same scores, once a worker is warm.',
    labelNames: ['class'],
    registers,
  }),
  selfTestMaxDifference: new Gauge({
    name: 'polarity_self_test_max_difference',
    help: 'Largest difference of a score from those stored with the model, at start; 0 also where none are.',
    registers,
  }),
})
