import type { Prediction } from './call.ts'
import { exchange, type Http } from './http.ts'
import { type Fields, isRecord } from './json.ts'
import { type Batch, bodyOf, isExplained } from './part.ts'
import { PolarityError } from './polarity-error.ts'
import type { Explanation, LabelScore, PredictResponse } from './wire.ts'

/** For an answer to arrive that the service gave just in time. */
const GRACE_MS = 5000

/** One prediction per text of the batch, in order, by one `POST /predict`. Throws as `exchange` does. */
export async function predict(
  http: Http,
  batch: Batch,
  signal: AbortSignal,
): Promise<Prediction[]> {
  const timeoutMs = batch.timeoutMs + GRACE_MS
  const request = { body: bodyOf(batch), signal, timeoutMs }
  const { body, headers } = await exchange(http, 'predict', request)
  const cut = new Set(headers.get('x-truncated')?.split(',').map(Number))
  const { predictions, explanations }: Fields<PredictResponse> = body
  if (!isListFor(batch, predictions)) throw misshapen()
  if (!isExplained(batch.fields))
    return predictions.map((scores, i) => toPrediction(scores, cut.has(i)))
  if (!isListFor(batch, explanations)) throw misshapen()
  return predictions.map((scores, i) => ({
    ...toPrediction(scores, cut.has(i)),
    explanation: requireExplanation(explanations[i]),
  }))
}

const isListFor = ({ parts }: Batch, value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.length === parts.length

function requireExplanation(value: unknown): Explanation {
  if (isExplanation(value)) return value
  throw misshapen()
}

const isExplanation = (value: unknown): value is Explanation =>
  isRecord(value) && typeof value.label === 'string' && Array.isArray(value.words)

function toPrediction(scores: unknown, truncated: boolean): Prediction {
  if (!Array.isArray(scores) || !scores.every(isLabelScore)) throw misshapen()
  const [first, ...rest] = scores
  if (!first) throw misshapen()
  const best = rest.reduce((a, b) => (b.score > a.score ? b : a), first)
  return { label: best.label, score: best.score, scores, truncated }
}

const isLabelScore = (value: unknown): value is LabelScore =>
  isRecord(value) && typeof value.label === 'string' && typeof value.score === 'number'

const misshapen = () =>
  new PolarityError({
    code: 'unexpected_answer',
    status: 200,
    title: 'Unexpected answer',
    detail: 'The answer does not hold one prediction for each text.',
  })
