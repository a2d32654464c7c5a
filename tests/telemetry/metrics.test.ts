import { expect, it } from 'vitest'
import { ERROR_CODES, SHED_REASONS } from '../../app/errors.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { LABELS } from '../fakes.ts'

const TIERS = ['memory', 'redis']

/** Every combination of some labels' values, as the text format writes it. */
function series(name: string, labels: Readonly<Record<string, readonly string[]>>): string[] {
  const pairs = Object.entries(labels).reduce<string[][]>(
    (rows, [label, values]) =>
      rows.flatMap((row) => values.map((value) => [...row, `${label}="${value}"`])),
    [[]],
  )
  return pairs.map((row) => (row.length === 0 ? name : `${name}{${row.join()}}`))
}

it.each([
  ...series('polarity_texts_total', { source: ['memory', 'redis', 'coalesced', 'model'] }),
  ...series('polarity_cache_lookups_total', { tier: TIERS, result: ['hit', 'miss', 'error'] }),
  ...series('polarity_cache_errors_total', { tier: TIERS, operation: ['get', 'set'] }),
  ...series('polarity_cache_duration_seconds_count', { tier: TIERS, operation: ['get', 'set'] }),
  ...series('polarity_cache_breaker_open', {}),
  ...series('polarity_stage_duration_seconds_count', {
    stage: ['cache', 'queue', 'tokenize', 'inference'],
  }),
  ...series('polarity_rejected_total', { code: ERROR_CODES }),
  ...series('polarity_predictions_total', { label: LABELS }),
  ...series('polarity_truncated_texts_total', {}),
  ...series('polarity_workers', { state: ['starting', 'idle', 'busy', 'leaving'] }),
  ...series('polarity_tokenizer_threads', { state: ['starting', 'idle', 'busy', 'leaving'] }),
  ...series('polarity_worker_restarts_total', {}),
  ...series('polarity_shed_requests_total', { reason: SHED_REASONS }),
  ...series('polarity_key_requests_total', {
    key: [''],
    outcome: ['answered', 'shed', 'rejected', 'failed'],
  }),
  ...series('polarity_shadow_texts_total', {
    result: ['agreed', 'differed', 'dropped', 'failed'],
  }),
  ...series('polarity_log_lines_lost_total', {}),
  ...series('polarity_self_test_max_difference', {}),
  ...series('polarity_queue_seconds', {}),
  ...series('polarity_queue_texts', {}),
  ...series('polarity_queue_tokens', {}),
  ...series('polarity_batch_texts_count', {}),
  ...series('polarity_batch_tokens_count', {}),
  ...series('polarity_tokens_total', {}),
  ...series('polarity_padding_tokens_total', {}),
])('the first scrape has %s at 0', async (sample) => {
  expect((await createMetrics(LABELS).registry.metrics()).split('\n')).toContain(`${sample} 0`)
})
