import type { Prediction } from '../classifier/classify.ts'
import type { CacheStatus } from './request-env.ts'

/** Of an answer with these predictions. */
export function cacheStatus(predictions: readonly Prediction[]): CacheStatus {
  const hits = predictions.filter(({ source }) => source === 'memory' || source === 'redis').length
  if (hits === predictions.length) return 'HIT'
  return hits === 0 ? 'MISS' : 'PARTIAL'
}
