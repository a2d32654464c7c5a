import { type DashboardSpec, RATE, SELF } from './dashboard.ts'

const rate = (series: string, labels = SELF) => `rate(${series}{${labels}}[${RATE}])`
const share = (part: string, whole: string) => `sum(${part}) / sum(${whole})`
const stage = (q: number, name: string) =>
  `histogram_quantile(${q}, sum by (le) (${rate('polarity_stage_duration_seconds_bucket', `stage="${name}",${SELF}`)}))`

/** What is the model given, how long does it take, and what does it say? */
export const model: DashboardSpec = {
  uid: 'polarity-model',
  title: 'Polarity: model',
  description: 'Batches, stages, the queue before the workers, and what the model answers.',
  rows: {
    Batches: [
      {
        title: 'Texts a batch',
        help: 'Mean. More under load: what arrives while all workers are busy becomes one batch.',
        unit: 'short',
        queries: {
          texts: share(rate('polarity_batch_texts_sum'), rate('polarity_batch_texts_count')),
        },
      },
      {
        title: 'Tokens a batch',
        help: 'Mean, padding included. Bounded by what was measured best at start.',
        unit: 'short',
        queries: {
          tokens: share(rate('polarity_batch_tokens_sum'), rate('polarity_batch_tokens_count')),
        },
      },
      {
        title: 'Padding',
        help: 'Share of the model’s work that is padding: texts of one batch are of nearly equal length.',
        unit: 'percentunit',
        queries: {
          padding: `sum(${rate('polarity_padding_tokens_total')}) / (sum(${rate('polarity_padding_tokens_total')}) + sum(${rate('polarity_tokens_total')}))`,
        },
      },
      {
        title: 'Texts in a batch, all of them',
        help: 'How many batches were how large.',
        unit: 'short',
        type: 'heatmap',
        queries: {
          '{{le}}': `sum by (le) (increase(polarity_batch_texts_bucket{${SELF}}[${RATE}]))`,
        },
      },
      {
        title: 'Tokens',
        help: 'Read by the model a second: its real throughput.',
        unit: 'ops',
        stacked: true,
        queries: {
          tokens: `sum(${rate('polarity_tokens_total')})`,
          padding: `sum(${rate('polarity_padding_tokens_total')})`,
        },
      },
      {
        title: 'Batches',
        help: 'Runs of the model a second.',
        unit: 'ops',
        queries: { batches: `sum(${rate('polarity_batch_texts_count')})` },
      },
    ],
    Stages: [
      {
        title: 'Stages, p50',
        help: 'Cache and queue for each request, tokenize and inference for each batch.',
        unit: 's',
        queries: Object.fromEntries(
          ['cache', 'queue', 'tokenize', 'inference'].map((name) => [name, stage(0.5, name)]),
        ),
      },
      {
        title: 'Stages, p99',
        help: 'A long queue wants workers or replicas; a long cache stage, a look at Redis.',
        unit: 's',
        queries: Object.fromEntries(
          ['cache', 'queue', 'tokenize', 'inference'].map((name) => [name, stage(0.99, name)]),
        ),
      },
      {
        title: 'Worker use',
        help: 'Share of the workers’ time in which the model ran. Near 1: saturated.',
        unit: 'percentunit',
        queries: {
          use: `sum(${rate('polarity_stage_duration_seconds_sum', `stage="inference",${SELF}`)}) / sum(polarity_workers{${SELF}})`,
        },
      },
    ],
    Queue: [
      {
        title: 'Texts that wait',
        help: 'For a worker, in all replicas.',
        unit: 'short',
        queries: { texts: `sum(polarity_queue_texts{${SELF}})` },
      },
      {
        title: 'Fill of the queue',
        help: 'Tokens that wait, over what may. At 1 requests are refused; most are refused earlier, by their deadline.',
        unit: 'percentunit',
        queries: {
          '{{pod}} {{instance}}': `polarity_queue_tokens{${SELF}} / polarity_queue_max_tokens{${SELF}}`,
        },
      },
      {
        title: 'Workers',
        help: 'Threads by what they do now; leaving: it hung or failed, and a new one is starting.',
        unit: 'short',
        stacked: true,
        queries: { '{{state}}': `sum by (state) (polarity_workers{${SELF}})` },
      },
      {
        title: 'Worker restarts',
        help: 'In the last five minutes. Anything but 0 has its story in the log.',
        unit: 'short',
        queries: { restarts: `sum(increase(polarity_worker_restarts_total{${SELF}}[5m]))` },
      },
    ],
    Answers: [
      {
        title: 'Labels',
        help: 'Share of each label among the answers. A jump without a reason: other texts, or another model.',
        unit: 'percentunit',
        stacked: true,
        queries: {
          '{{label}}': `sum by (label) (${rate('polarity_predictions_total')}) / scalar(sum(${rate('polarity_predictions_total')}))`,
        },
      },
      {
        title: 'Confidence',
        help: 'Highest score of the texts that the model read: a falling median means texts unlike those it learned from.',
        unit: 'percentunit',
        queries: Object.fromEntries(
          [0.1, 0.5, 0.9].map((q) => [
            `p${q * 100}`,
            `histogram_quantile(${q}, sum by (le) (${rate('polarity_confidence_bucket')}))`,
          ]),
        ),
      },
      {
        title: 'Cut texts',
        help: 'Share of texts longer than the model reads.',
        unit: 'percentunit',
        queries: {
          cut: share(rate('polarity_truncated_texts_total'), rate('polarity_texts_total')),
        },
      },
      {
        title: 'Models',
        help: 'Replicas by the model that answers: two during a rollout, one after.',
        unit: 'short',
        queries: { '{{id}} {{digest}}': `count by (id, digest) (polarity_model_info{${SELF}})` },
      },
    ],
  },
}
