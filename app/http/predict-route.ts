import { createRoute } from '@hono/zod-openapi'
import { KEY_SECURITY, problemResponses, RATE_LIMIT_HEADERS, REQUEST_ID_HEADER } from './openapi.ts'
import { type Limits, PREDICT_PATH, PredictResponse, predictRequest } from './schema.ts'
import { STREAM_BODIES, STREAM_QUERY } from './streaming/stream-route.ts'

/** On every answer with predictions. */
export const PREDICTION_HEADERS = {
  ...REQUEST_ID_HEADER,
  ...RATE_LIMIT_HEADERS,
  'X-Cache': {
    description: 'Whether all, none or some of the texts were cache hits',
    schema: { type: 'string' as const, enum: ['HIT', 'MISS', 'PARTIAL'] },
  },
  'X-Truncated': {
    description: 'Indexes of the truncated texts; absent if none',
    schema: { type: 'string' as const, example: '0,3' },
  },
  'X-Model-Digest': {
    description:
      'First 16 hex digits of the digest of the model that answered: `GET /info` has it all',
    schema: { type: 'string' as const, example: 'c050d6aa1ac150d0' },
  },
  'Server-Timing': {
    description: 'Milliseconds in cache, queue, tokenize, inference and total',
    schema: { type: 'string' as const },
  },
}

/** What may go wrong with any request for predictions. */
export const PREDICTION_ERRORS = [
  'malformed_json',
  'unauthorized',
  'method_not_allowed',
  'request_timeout',
  'payload_too_large',
  'unsupported_media_type',
  'invalid_request',
  'overloaded',
  'rate_limited',
  'internal',
  'not_ready',
  'deadline_exceeded',
] as const

/**
 * `POST /predict` in the OpenAPI document, from the same schemas that validate requests. `keys`:
 * whether callers need one.
 */
export const predictRoute = (limits: Limits, { keys }: { readonly keys: boolean }) =>
  createRoute({
    method: 'post',
    path: PREDICT_PATH,
    operationId: 'predict',
    tags: ['Sentiment'],
    summary: 'Classify the sentiment of each text',
    description:
      'Returns a score for every label of the model, for each text, in request order. A body ' +
      'without a Content-Type is read as JSON.',
    security: keys ? KEY_SECURITY : [],
    request: {
      query: STREAM_QUERY,
      body: {
        required: true,
        content: { 'application/json': { schema: predictRequest(limits) }, ...STREAM_BODIES },
      },
    },
    responses: {
      200: {
        description: 'One list of labels and scores per text, in request order',
        headers: PREDICTION_HEADERS,
        // Not those to rows: a client made from the document would take each answer for any of them.
        content: { 'application/json': { schema: PredictResponse } },
      },
      ...problemResponses(PREDICTION_ERRORS),
    },
  })
