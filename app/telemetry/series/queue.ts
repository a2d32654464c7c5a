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
  queueSeconds: new Gauge({
    name: 'polarity_queue_seconds',
    help: 'Estimated time in seconds until all requests that are admitted now are answered, at the throughput of the last batches.',
    registers,
  }),
  queueMaxSeconds: new Gauge({
    name: 'polarity_queue_max_seconds',
    help: 'The longest in seconds that a request may wait for its turn; those that would wait longer are shed with 429.',
    registers,
  }),
  shed: new Counter({
    name: 'polarity_shed_requests_total',
    help: 'Requests refused with 429, by reason: queue_full, queue_wait (turn too late), deadline (answer too late), bodies (too many are read) or rate_limit.',
    labelNames: ['reason'],
    registers,
  }),
  workers: new Gauge({
    name: 'polarity_workers',
    help: 'Worker threads, by state (starting, idle, busy, or leaving: hung or failed).',
    labelNames: ['state'],
    registers,
  }),
  tokenizerThreads: new Gauge({
    name: 'polarity_tokenizer_threads',
    help: 'Threads that tokenize all but short texts, by state (starting, idle, busy, or leaving: hung or failed).',
    labelNames: ['state'],
    registers,
  }),
  workerRestarts: new Counter({
    name: 'polarity_worker_restarts_total',
    help: 'Worker threads, for inference or the tokenizer, replaced because they failed or hung.',
    registers,
  }),
})
