import { createRoute, z } from '@hono/zod-openapi'
import { KEY_SECURITY, REQUEST_ID_HEADER } from '../openapi.ts'
import { PREDICTION_ERRORS, PREDICTION_HEADERS } from '../predict-route.ts'
import { type Limits, Predictions, textList } from '../schema.ts'
import { openErrors } from './open-error.ts'

/** The body of `:predict`; other fields are ignored. */
export const v1Request = (limits: Limits) =>
  z
    .object({ instances: textList(limits) })
    .openapi('V1Request', { example: { instances: ['example 1', 'example 2'] } })

const params = z.object({ model: z.string() })

const json = <S>(schema: S, description: string) => ({
  description,
  headers: REQUEST_ID_HEADER,
  content: { 'application/json': { schema } },
})

/** The routes of KServe's first protocol in the OpenAPI document. */
export const v1Routes = (limits: Limits, { keys }: { readonly keys: boolean }) => [
  createRoute({
    method: 'get',
    path: '/v1/models',
    operationId: 'v1Models',
    tags: ['Dialects'],
    summary: 'The models that are served',
    description: 'As KServe has it.',
    responses: { 200: json(z.object({ models: z.array(z.string()) }), 'Their names') },
  }),
  createRoute({
    method: 'get',
    path: '/v1/models/{model}',
    operationId: 'v1Model',
    tags: ['Dialects'],
    summary: 'Whether a model is ready',
    description: 'As KServe has it.',
    request: { params },
    responses: {
      200: json(z.object({ name: z.string(), ready: z.literal(true) }), 'It is'),
      ...openErrors(['not_found', 'not_ready']),
    },
  }),
  createRoute({
    method: 'post',
    path: '/v1/models/{model}:predict',
    operationId: 'v1Predict',
    tags: ['Dialects'],
    summary: 'Classify as KServe’s first protocol does',
    description: 'The answer is that of `POST /predict`.',
    security: keys ? KEY_SECURITY : [],
    request: {
      params,
      body: { required: true, content: { 'application/json': { schema: v1Request(limits) } } },
    },
    responses: {
      200: {
        description: 'One list of labels and scores per text, in request order',
        headers: PREDICTION_HEADERS,
        content: { 'application/json': { schema: Predictions } },
      },
      ...openErrors(['not_found', ...PREDICTION_ERRORS]),
    },
  }),
]
