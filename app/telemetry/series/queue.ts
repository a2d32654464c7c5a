import { Counter, Gauge, type Registry } from 'prom-client'

/** What waits, and who works. */
export const queueMetrics = (registers: Registry[]) => ({
  queueTexts: new Gauge({
    name: 'polarity_queue_texts',
    help: 'Texts that wait for a worker.',
    registers,
  }),
  queueTokens: new Gauge({
    name: 'polarity_queue_tokens',
    help: 'Estimated tokens of the texts that wait for a worker.',
    registers,
  }),
  queueMaxTokens: new Gauge({
    name: 'polarity_queue_max_tokens',
    help: 'Tokens that may wait for a worker.',
    registers,
  }),
  workers: new Gauge({
    name: 'polarity_workers',
    help: 'Worker threads, by what they do now.',
    labelNames: ['state'],
    registers,
  }),
  workerRestarts: new Counter({
    name: 'polarity_worker_restarts_total',
    help: 'Worker threads that were replaced because they failed.',
    registers,
  }),
})
