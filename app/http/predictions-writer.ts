import type { Prediction } from '../classifier/classify.ts'
import { createScoresWriter } from '../label-scores.ts'
import type { Encoded } from './inference.ts'

/** A function that writes `{"predictions": …}`: every label of each text, in class-id order. */
export function createPredictionsWriter(labels: readonly string[]) {
  const toList = createListWriter(labels)
  return (predictions: readonly Prediction[]): Encoded => ({
    body: `{"predictions":${toList(predictions)}}`,
  })
}

/** The same with `"explanations": …`, one per text. */
export function createExplanationsWriter(labels: readonly string[]) {
  const toList = createListWriter(labels)
  return (predictions: readonly Prediction[]): Encoded => {
    const explanations = JSON.stringify(predictions.map(({ explanation }) => explanation))
    return { body: `{"predictions":${toList(predictions)},"explanations":${explanations}}` }
  }
}

function createListWriter(labels: readonly string[]) {
  const toJson = createScoresWriter(labels)
  return (predictions: readonly Prediction[]): string =>
    `[${predictions.map(({ json, scores }) => json ?? toJson(scores)).join(',')}]`
}
