import type { Prediction } from './classify.ts'

/** One prediction per text; a miss that comes again in the same request was coalesced. */
export function inOrder(
  texts: readonly string[],
  predictions: ReadonlyMap<string, Prediction>,
): Prediction[] {
  const seen = new Set<string>()
  return texts.map((text) => {
    const prediction = predictions.get(text)
    if (!prediction) throw new Error('A text was left without a prediction.')
    if (prediction.source !== 'model' || !seen.has(text)) {
      seen.add(text)
      return prediction
    }
    return { ...prediction, source: 'coalesced' }
  })
}
