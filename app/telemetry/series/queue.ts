import { Counter, Gauge, type Registry } from 'prom-client'

/** Queue depth and worker states. */
export const queueMetrics = (registers: Registry[]) => ({
  queueTexts: new Gauge({
    name: 'polarity_queue_texts',
    help: 'Queue depth in texts: texts that wait for a worker.',
    registers,
  }),
  queueTokens: new Gauge({
    name: 'polarity_queue_tokens',
    help: 'Queue depth in tokens (estimated): texts that wait for a worker.',
    registers,
  }),
  queueMaxTokens: new Gauge({
    name: 'polarity_queue_max_tokens',
    help: 'Queue limit in tokens; requests over it are shed with 429.',
    registers,
  }),
  workers: new Gauge({
    name: 'polarity_workers',
    help: 'Worker threads, by state (starting, idle, busy, or leaving: hung or failed).',
    labelNames: ['state'],
    registers,
  }),
  workerRestarts: new Counter({
    name: 'polarity_worker_restarts_total',
    help: 'Worker threads replaced because they failed or hung.',
    registers,
  }),
})
