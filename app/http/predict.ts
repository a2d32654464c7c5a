import { type AskTei, isTeiBody } from './dialects/tei.ts'
import { type Asked, type Inference, TRUNCATE_IS_FALSE } from './inference.ts'
import { createRequestParser } from './predict-request.ts'
import { predictRoute } from './predict-route.ts'
import { createPredictionsWriter } from './predictions-writer.ts'
import type { Router } from './router.ts'
import { type Limits, PREDICT_PATH } from './schema.ts'
import type { StreamHandler } from './streaming/stream-handler.ts'

interface PredictOptions {
  readonly limits: Limits
  readonly labels: readonly string[]
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
  const encode = createPredictionsWriter(labels)
  // Not `app.openapi`: it would validate the body itself, before `read` checks type and size.
  inference.post(app, PREDICT_PATH, {
    instead: stream,
    read: (c, call) => inference.bodies.json(c, call),
    ask(body, c): Asked {
      if (askTei && isTeiBody(body)) return askTei(body, c)
      const { text, truncate = true } = toRequest(body)
      return { texts: text, refuseLong: truncate ? undefined : TRUNCATE_IS_FALSE, pathOf, encode }
    },
  })
  app.openAPIRegistry.registerPath(predictRoute(limits, { keys }))
}

const pathOf = (index: number) => `text[${index}]`
