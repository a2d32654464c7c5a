import { distribution, lines } from './panels.ts'
import { quantile, RATE, rate, recorded, SELF } from './queries.ts'

const share = (part: string, whole: string) => `sum(${part}) / sum(${whole})`
const STAGES = ['cache', 'queue', 'tokenize', 'inference']
const stage = (q: number, name: string) =>
  quantile(q, rate('polarity_stage_duration_seconds_bucket', `stage="${name}",${SELF}`))

export const stages = [
  lines({
    title: 'Stages, p50',
    help: 'Cache and queue per request, tokenize and inference per batch. Diamonds: single requests, which link to their traces.',
    unit: 's',
    queries: Object.fromEntries(STAGES.map((name) => [name, stage(0.5, name)])),
  }),
  lines({
    title: 'Stages, p99',
    help: 'If queue dominates, add workers or replicas; if cache does, check Redis.',
    unit: 's',
    queries: {
      '{{stage}}': `max by (stage) (${recorded('namespace_job_stage:polarity_stage_duration_seconds:p99_rate5m')})`,
    },
  }),
  distribution({
    title: 'Inference, distribution',
    help: 'Batches by how long the model ran.',
    unit: 's',
    queries: {
      '{{le}}': `sum by (le) (increase(polarity_stage_duration_seconds_bucket{stage="inference",${SELF}}[${RATE}]))`,
    },
  }),
]

export const batches = [
  lines({
    title: 'Texts per batch',
    help: 'Mean. Grows with load: texts that arrive while all workers are busy are batched.',
    unit: 'suffix:texts',
    queries: {
      texts: share(rate('polarity_batch_texts_sum'), rate('polarity_batch_texts_count')),
    },
  }),
  lines({
    title: 'Tokens per batch',
    help: 'Mean, padding included. Bounded by the batch size that was calibrated at start.',
    unit: 'suffix:tokens',
    queries: {
      tokens: share(rate('polarity_batch_tokens_sum'), rate('polarity_batch_tokens_count')),
    },
  }),
  lines({
    title: 'Padding',
    help: 'Share of tokens that are padding. Low, because a batch has texts of similar length.',
    unit: 'percentunit',
    queries: {
      padding: `sum(${rate('polarity_padding_tokens_total')}) / (sum(${rate('polarity_padding_tokens_total')}) + sum(${rate('polarity_tokens_total')}))`,
    },
  }),
  distribution({
    title: 'Texts per batch, distribution',
    help: 'Batches by size.',
    unit: 'suffix:texts',
    queries: {
      '{{le}}': `sum by (le) (increase(polarity_batch_texts_bucket{${SELF}}[${RATE}]))`,
    },
  }),
  lines({
    title: 'Tokens',
    help: 'Tokens per second run through the model: its throughput.',
    unit: 'suffix:tokens/s',
    stacked: true,
    queries: {
      tokens: `sum(${rate('polarity_tokens_total')})`,
      padding: `sum(${rate('polarity_padding_tokens_total')})`,
    },
  }),
  lines({
    title: 'Batches',
    help: 'Inference runs per second.',
    unit: 'suffix:batches/s',
    queries: { batches: `sum(${rate('polarity_batch_texts_count')})` },
  }),
]
