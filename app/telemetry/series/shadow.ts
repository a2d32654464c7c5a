import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** How a second model, which answers nobody, agrees with the one that is served. */
export const shadowMetrics = (registers: Registry[]) => ({
  shadowTexts: new Counter({
    name: 'polarity_shadow_texts_total',
    help: 'Texts chosen for the shadow model, by result: both models agree on the winning label or differ, dropped (too many waited) or failed.',
    labelNames: ['result'],
    registers,
  }),
  shadowAgreement: new Counter({
    name: 'polarity_shadow_agreement_total',
    help: 'Texts that the shadow model predicted too (cache hits excluded), by winning label of the model and of the shadow model.',
    labelNames: ['label', 'shadow_label'],
    registers,
  }),
  shadowScoreDifference: new Histogram({
    name: 'polarity_shadow_score_difference',
    help: "Absolute difference between the two models' scores of the label that was answered.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    registers,
  }),
  shadowInfo: new Gauge({
    name: 'polarity_shadow_model_info',
    help: 'Always 1; the labels identify the shadow model, once it is warm.',
    labelNames: ['id', 'digest', 'dtype'],
    registers,
  }),
})
