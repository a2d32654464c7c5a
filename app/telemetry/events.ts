/** The `event` of every log line: stable names to search and alert on, where messages may change. */
export const LOG_EVENTS = [
  'starting',
  'unknown_setting',
  'model_unverified',
  'warming',
  'still_warming',
  'warm',
  'ready',
  'request',
  'request_refused',
  'drain_started',
  'closed',
  'shutdown_forced',
  'uncaught_exception',
  'log_lines_lost',
  'worker_failed',
  'worker_start_failed',
  'redis_connected',
  'redis_disconnected',
  'circuit_breaker_opened',
  'circuit_breaker_closed',
  'cache_writes_failing',
  'trace_export_warning',
  'traces_lost',
] as const

export type LogEvent = (typeof LOG_EVENTS)[number]
