import type { Explain } from '../classifier/classify.ts'
import { type AskTei, isTeiBody } from './dialects/tei.ts'
import { createExplainReader } from './explain.ts'
import { type Asked, type Inference, TRUNCATE_IS_FALSE } from './inference.ts'
import { createRequestParser } from './predict-request.ts'
import { predictRoute } from './predict-route.ts'
import { createExplanationsWriter, createPredictionsWriter } from './predictions-writer.ts'
import type { Router } from './router.ts'
import { type Limits, PREDICT_PATH } from './schema.ts'
import type { StreamHandler } from './streaming/stream-handler.ts'

interface PredictOptions {
  readonly limits: Limits
  readonly labels: readonly string[]
  /** Undefined: explanations are off. */
  readonly explain?: Explain | undefined
  readonly maxExplainTexts: number
  /** Whether callers need a key. */
  readonly keys: boolean
  /** Reads bodies of Text Embeddings Inference, if they are taken. */
  readonly askTei?: AskTei | undefined
  /** Answers bodies that are rows. */
  readonly stream: StreamHandler
}

/** `POST /predict`: the sentiment of each text. */
export function addPredict(app: Router, inference: Inference, options: PredictOptions): void {
  const { limits, labels, keys, askTei, stream } = options
  const toRequest = createRequestParser(limits)
  const toExplaining = createExplainReader(options)
  const encode = createPredictionsWriter(labels)
  const encodeExplained = createExplanationsWriter(labels)
  // Not `app.openapi`: it would validate the body itself, before `read` checks type and size.
  inference.post(app, PREDICT_PATH, {
    instead: stream,
    read: (c, call) => inference.bodies.json(c, call),
    ask(body, c): Asked {
      if (askTei && isTeiBody(body)) return askTei(body, c)
      const { text: texts, truncate = true, explain = false } = toRequest(body)
      const refuseLong = truncate ? undefined : TRUNCATE_IS_FALSE
      if (!explain) return { texts, refuseLong, pathOf, encode }
      const classify = toExplaining(explain, texts.length)
      return { texts, classify, refuseLong, pathOf, encode: encodeExplained }
    },
  })
  app.openAPIRegistry.registerPath(predictRoute(limits, { keys }))
}

const pathOf = (index: number) => `text[${index}]`
