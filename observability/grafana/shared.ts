import { REPLICA, recorded, SELF } from './queries.ts'

// Queries that stand in more than one dashboard.

/** Names the caller without a key, whose legend would be empty. */
export const named = (query: string): string =>
  `label_replace(${query}, "key", "(none)", "key", "")`

/** There may be a thousand keys. */
export const TEXTS_BY_KEY = named(
  `topk(10, sum by (key) (${recorded('namespace_job_key:polarity_key_texts:rate5m')}))`,
)

/** By replica; a replica without a limit has no periods and is never throttled. */
export const THROTTLED = `max by (pod, instance) (${recorded('namespace_job_instance:polarity_cpu_throttled:ratio_rate5m')}) or 0 * max by (pod, instance) (polarity_cpu_limit_cores{${SELF}})`

export const WORKERS_BUSY = `max(${recorded('namespace_job:polarity_workers_busy:ratio_rate5m')})`

export const QUEUE_SECONDS = {
  [REPLICA]: `polarity_queue_seconds{${SELF}}`,
  limit: `max(polarity_queue_max_seconds{${SELF}})`,
}
