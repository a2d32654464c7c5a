import { type DashboardSpec, RATE, SELF } from './dashboard.ts'
import { SHADOW } from './shadow.ts'

const rate = (series: string, labels = SELF) => `rate(${series}{${labels}}[${RATE}])`
const share = (part: string, whole: string) => `sum(${part}) / sum(${whole})`
const stage = (q: number, name: string) =>
  `histogram_quantile(${q}, sum by (le) (${rate('polarity_stage_duration_seconds_bucket', `stage="${name}",${SELF}`)}))`

/** Batches, latency by stage, queue depth and predictions. */
export const model: DashboardSpec = {
  uid: 'polarity-model',
  title: 'Polarity: model',
  description: 'Batches, latency by stage, queue depth, workers and predictions.',
  rows: {
    Batches: [
      {
        title: 'Texts per batch',
        help: 'Mean. Grows with load: texts that arrive while all workers are busy are batched.',
        unit: 'short',
        queries: {
          texts: share(rate('polarity_batch_texts_sum'), rate('polarity_batch_texts_count')),
        },
      },
      {
        title: 'Tokens per batch',
        help: 'Mean, padding included. Bounded by the batch size that was calibrated at start.',
        unit: 'short',
        queries: {
          tokens: share(rate('polarity_batch_tokens_sum'), rate('polarity_batch_tokens_count')),
        },
      },
      {
        title: 'Padding',
        help: 'Share of tokens that are padding. Low, because a batch has texts of similar length.',
        unit: 'percentunit',
        queries: {
          padding: `sum(${rate('polarity_padding_tokens_total')}) / (sum(${rate('polarity_padding_tokens_total')}) + sum(${rate('polarity_tokens_total')}))`,
        },
      },
      {
        title: 'Texts per batch, distribution',
        help: 'Batches by size.',
        unit: 'short',
        type: 'heatmap',
        queries: {
          '{{le}}': `sum by (le) (increase(polarity_batch_texts_bucket{${SELF}}[${RATE}]))`,
        },
      },
      {
        title: 'Tokens',
        help: 'Tokens per second run through the model: its throughput.',
        unit: 'ops',
        stacked: true,
        queries: {
          tokens: `sum(${rate('polarity_tokens_total')})`,
          padding: `sum(${rate('polarity_padding_tokens_total')})`,
        },
      },
      {
        title: 'Batches',
        help: 'Inference runs per second.',
        unit: 'ops',
        queries: { batches: `sum(${rate('polarity_batch_texts_count')})` },
      },
    ],
    Stages: [
      {
        title: 'Stages, p50',
        help: 'Cache and queue per request, tokenize and inference per batch.',
        unit: 's',
        queries: Object.fromEntries(
          ['cache', 'queue', 'tokenize', 'inference'].map((name) => [name, stage(0.5, name)]),
        ),
      },
      {
        title: 'Stages, p99',
        help: 'If queue dominates, add workers or replicas; if cache does, check Redis.',
        unit: 's',
        queries: Object.fromEntries(
          ['cache', 'queue', 'tokenize', 'inference'].map((name) => [name, stage(0.99, name)]),
        ),
      },
      {
        title: 'Worker utilization',
        help: 'Share of the workers’ time spent in inference. Near 1: saturated.',
        unit: 'percentunit',
        queries: {
          use: `sum(${rate('polarity_stage_duration_seconds_sum', `stage="inference",${SELF}`)}) / sum(polarity_workers{${SELF}})`,
        },
      },
    ],
    Queue: [
      {
        title: 'Queue depth',
        help: 'Texts that wait for a worker, in all replicas.',
        unit: 'short',
        queries: { texts: `sum(polarity_queue_texts{${SELF}})` },
      },
      {
        title: 'Queue depth, share of limit',
        help: 'Queued tokens over MAX_QUEUE_TOKENS. At 1 requests are shed; most are shed earlier, because of their deadline.',
        unit: 'percentunit',
        queries: {
          '{{pod}} {{instance}}': `polarity_queue_tokens{${SELF}} / polarity_queue_max_tokens{${SELF}}`,
        },
      },
      {
        title: 'Workers',
        help: 'Threads by state. Leaving: hung or failed, being replaced.',
        unit: 'short',
        stacked: true,
        queries: { '{{state}}': `sum by (state) (polarity_workers{${SELF}})` },
      },
      {
        title: 'Worker restarts',
        help: 'In the last five minutes. The log has the error of each.',
        unit: 'short',
        queries: { restarts: `sum(increase(polarity_worker_restarts_total{${SELF}}[5m]))` },
      },
    ],
    Predictions: [
      {
        title: 'Labels',
        help: 'Share of each label among the predictions. A sudden change means other texts, or another model.',
        unit: 'percentunit',
        stacked: true,
        queries: {
          '{{label}}': `sum by (label) (${rate('polarity_predictions_total')}) / scalar(sum(${rate('polarity_predictions_total')}))`,
        },
      },
      {
        title: 'Confidence',
        help: 'Score of the winning label (cache hits excluded). A falling median means texts unlike the training data.',
        unit: 'percentunit',
        queries: Object.fromEntries(
          [0.1, 0.5, 0.9].map((q) => [
            `p${q * 100}`,
            `histogram_quantile(${q}, sum by (le) (${rate('polarity_confidence_bucket')}))`,
          ]),
        ),
      },
      {
        title: 'Truncated texts',
        help: 'Share of texts over the model’s token limit.',
        unit: 'percentunit',
        queries: {
          truncated: share(rate('polarity_truncated_texts_total'), rate('polarity_texts_total')),
        },
      },
      {
        title: 'Models',
        help: 'Replicas by model: two models during a rollout, one after it.',
        unit: 'short',
        queries: { '{{id}} {{digest}}': `count by (id, digest) (polarity_model_info{${SELF}})` },
      },
    ],
    'Shadow model': SHADOW,
  },
}
