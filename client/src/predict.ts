import type { Prediction } from './call.ts'
import { exchange, type Http } from './http.ts'
import { type Fields, isRecord } from './json.ts'
import { type Batch, bodyOf } from './part.ts'
import { PolarityError } from './polarity-error.ts'
import type { LabelScore, PredictResponse } from './wire.ts'

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
  const { predictions }: Fields<PredictResponse> = body
  if (!Array.isArray(predictions) || predictions.length !== batch.parts.length) throw misshapen()
  return predictions.map((scores, i) => toPrediction(scores, cut.has(i)))
}

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
