import { BOUNDS } from '../objectives.ts'
import { lines } from './panels.ts'
import { percentiles, quantile, REPLICA, rate, SELF } from './queries.ts'
import { QUEUE_SECONDS, WORKERS_BUSY } from './shared.ts'
import { atMost } from './thresholds.ts'

const share = (part: string, whole: string) => `sum(${part}) / sum(${whole})`

export const queue = [
  lines({
    title: 'Queue, in seconds',
    help: 'How long a text that comes now would wait, by replica, and MAX_QUEUE_SECONDS, from which on requests are shed.',
    unit: 's',
    queries: QUEUE_SECONDS,
  }),
  lines({
    title: 'Queue depth',
    help: 'Texts that wait for a worker, in all replicas.',
    unit: 'suffix:texts',
    whole: true,
    queries: { texts: `sum(polarity_queue_texts{${SELF}})` },
  }),
  lines({
    title: 'Queue depth, share of limit',
    help: 'Queued tokens over MAX_QUEUE_TOKENS. At 100 % requests are shed; most are shed earlier, because of their deadline. Dashed: an alert.',
    unit: 'percentunit',
    thresholds: atMost(BOUNDS.queue),
    queries: { [REPLICA]: `polarity_queue_tokens{${SELF}} / polarity_queue_max_tokens{${SELF}}` },
  }),
]

export const workers = [
  lines({
    title: 'Worker utilization',
    help: 'Share of the workers’ time spent in inference, of all replicas. Near 1: saturated.',
    unit: 'percentunit',
    max: 1,
    queries: { use: WORKERS_BUSY },
  }),
  lines({
    title: 'Workers',
    help: 'Inference threads by state. Leaving: hung or failed, being replaced.',
    unit: 'suffix:threads',
    whole: true,
    stacked: true,
    queries: { '{{state}}': `sum by (state) (polarity_workers{${SELF}})` },
  }),
  lines({
    title: 'Tokenizer threads',
    help: 'By state. With none idle or busy, longer texts wait for a new one.',
    unit: 'suffix:threads',
    whole: true,
    stacked: true,
    queries: { '{{state}}': `sum by (state) (polarity_tokenizer_threads{${SELF}})` },
  }),
  lines({
    title: 'Worker restarts',
    help: 'Threads replaced in the last five minutes. The log has the error of each.',
    unit: 'suffix:threads',
    whole: true,
    queries: { restarts: `sum(increase(polarity_worker_restarts_total{${SELF}}[5m]))` },
  }),
  lines({
    title: 'Self-test, largest difference',
    help: 'Of a score from those stored with the model, at start, by replica. Dashed: an alert.',
    unit: 'short',
    thresholds: atMost(BOUNDS.selfTestDifference),
    queries: { [REPLICA]: `polarity_self_test_max_difference{${SELF}}` },
  }),
  lines({
    title: 'Numerics',
    help: 'Replicas by the class of their machine. Replicas of two classes give equal texts scores that differ, and share no cache.',
    unit: 'suffix:replicas',
    whole: true,
    stacked: true,
    queries: { '{{class}}': `count by (class) (polarity_numerics_info{${SELF}})` },
  }),
]

export const predictions = [
  lines({
    title: 'Labels',
    width: 6,
    help: 'Share of each label among the predictions. A sudden change means other texts, or another model.',
    unit: 'percentunit',
    stacked: true,
    max: 1,
    queries: {
      '{{label}}': `sum by (label) (${rate('polarity_predictions_total')}) / scalar(sum(${rate('polarity_predictions_total')}))`,
    },
  }),
  lines({
    title: 'Confidence',
    width: 6,
    help: 'Score of the winning label (cache hits excluded). A falling median means texts unlike the training data.',
    unit: 'percentunit',
    max: 1,
    queries: percentiles([0.1, 0.5, 0.9], (q) => quantile(q, rate('polarity_confidence_bucket'))),
  }),
  lines({
    title: 'Truncated texts',
    width: 6,
    help: 'Share of texts over the model’s token limit.',
    unit: 'percentunit',
    queries: {
      truncated: share(rate('polarity_truncated_texts_total'), rate('polarity_texts_total')),
    },
  }),
  lines({
    title: 'Models',
    width: 6,
    help: 'Replicas by model: two models during a rollout, one after it.',
    unit: 'suffix:replicas',
    whole: true,
    stacked: true,
    queries: {
      '{{id}} {{short}}': `label_replace(count by (id, digest) (polarity_model_info{${SELF}}), "short", "$1", "digest", "(.{12}).*")`,
    },
  }),
]
