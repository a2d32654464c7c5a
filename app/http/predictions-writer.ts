import type { Prediction } from '../classifier/classify.ts'
import { createScoresWriter } from '../label-scores.ts'
import type { Encoded } from './inference.ts'

/** A function that writes `{"predictions": …}`: every label of each text, in class-id order. */
export function createPredictionsWriter(labels: readonly string[]) {
  const toJson = createScoresWriter(labels)
  return (predictions: readonly Prediction[]): Encoded => {
    const list = predictions.map((prediction) => prediction.json ?? toJson(prediction.scores))
    return { body: `{"predictions":[${list.join(',')}]}` }
  }
}
