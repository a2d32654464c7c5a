import { zip } from '../zip.ts'
import type { Classify } from './classify.ts'
import { Comparison, type ComparisonOptions, type Infer } from './comparison.ts'

/**
 * Has another model predict a share of the texts too, and counts how often both agree. That begins in
 * a later turn of the event loop, when the answer is on its way, and only while a worker of the served
 * model has nothing to do. No caller waits for it, or learns what becomes of it.
 *
 * Wrapped around the model itself, it sees the texts that no cache has: each distinct text once for as
 * long as it is cached. The hits would count popular texts again and again.
 */
export function shadowed(classify: Classify, other: Infer, options: ComparisonOptions): Classify {
  const comparison = new Comparison(other, options)
  return async (texts, call) => {
    try {
      const predictions = await classify(texts, call)
      for (const [text, { scores }] of zip(texts, predictions)) comparison.add(text, scores)
      return predictions
    } finally {
      // Also after a failure: its end may be what leaves a worker idle.
      setImmediate(() => comparison.proceed())
    }
  }
}
