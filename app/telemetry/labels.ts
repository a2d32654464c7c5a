/** Closed lists of label values: their series exist with value 0 from the first scrape. */

/** Cache tiers, fastest first. */
export const TIERS = ['memory', 'redis'] as const
/** Where a prediction came from. */
export const SOURCES = [...TIERS, 'coalesced', 'model'] as const
export const LOOKUP_RESULTS = ['hit', 'miss', 'error'] as const
export const CACHE_OPERATIONS = ['get', 'set'] as const
/** What became of a text that was chosen for the shadow model. */
export const SHADOW_RESULTS = ['agreed', 'differed', 'dropped', 'failed'] as const
/** Protocols of other servers in which clients may ask. */
export const FOREIGN_DIALECTS = ['tei', 'v1', 'v2'] as const
export const DIALECTS = ['native', ...FOREIGN_DIALECTS, 'grpc'] as const
/** How streams of rows are written. */
export const STREAM_FORMATS = ['ndjson', 'csv'] as const
/** How they end: complete, or by one of these error codes. */
export const STREAM_ENDS = [
  'complete',
  'client_closed',
  'deadline_exceeded',
  'internal',
  'invalid_request',
  'malformed_json',
  'not_ready',
  'overloaded',
  'rate_limited',
  'request_timeout',
] as const
/** What became of a row of a stream. */
export const ROW_RESULTS = ['prediction', 'error'] as const
export const WORKER_STATES = ['starting', 'idle', 'busy', 'leaving'] as const
/** What became of a request: answered, refused with 429, refused with another 4xx, or failed with a 5xx. */
export const REQUEST_OUTCOMES = ['answered', 'shed', 'rejected', 'failed'] as const
