import { createRoute, z } from '@hono/zod-openapi'
import type { ErrorCode } from '../../errors.ts'
import { errorResponses, KEY_SECURITY } from '../openapi.ts'
import { PREDICTION_ERRORS, PREDICTION_HEADERS } from '../predict-route.ts'
import { type Limits, text, textList } from '../schema.ts'

/** The kinds of errors of Text Embeddings Inference. */
const ERROR_TYPES = ['Unhealthy', 'Backend', 'Overloaded', 'Validation'] as const

export type TeiErrorType = (typeof ERROR_TYPES)[number]

const TYPES: Partial<Record<ErrorCode, TeiErrorType>> = {
  overloaded: 'Overloaded',
  rate_limited: 'Overloaded',
  not_ready: 'Unhealthy',
  internal: 'Backend',
  deadline_exceeded: 'Backend',
}

export const toErrorType = (code: ErrorCode): TeiErrorType => TYPES[code] ?? 'Validation'

/** Other fields are ignored, as Text Embeddings Inference does. */
const Options = z.object({
  truncate: z.boolean('Must be true or false.').nullish(),
  truncation_direction: z
    .enum(['Right', 'right', 'Left', 'left'], 'Must be Right or Left.')
    .nullish()
    .openapi({ description: 'With Left, texts over the token limit are rejected.' }),
  raw_scores: z.literal(false, 'Must be false: the service has no scores but softmax.').nullish(),
  parameters: z
    .object(
      {
        top_k: z.int('Must be an integer.').min(1, 'Must be at least 1.').nullish(),
        function_to_apply: z
          .literal('softmax', 'Must be softmax: the service has no other scores.')
          .nullish(),
      },
      'Must be an object.',
    )
    .nullish(),
})

const NO_PAIR = 'Must be a string: the model takes no pairs.'

/** Bodies whose `inputs` are one text, and a list. */
export const teiRequests = (limits: Limits) => ({
  one: Options.extend({ inputs: text(limits) }),
  many: Options.extend({ inputs: textList(limits, text(limits, NO_PAIR)) }),
})

const Scores = z.array(z.object({ label: z.string(), score: z.number().min(0).max(1) }))

const TeiError = z
  .object({ error: z.string(), error_type: z.enum(ERROR_TYPES) })
  .openapi('TeiError')

const example = [
  { label: 'POSITIVE', score: 0.9961 },
  { label: 'NEGATIVE', score: 0.0039 },
]

const milliseconds = (description: string) => ({
  description: `Milliseconds: ${description}`,
  schema: { type: 'integer' as const },
})

/** `POST /` in the OpenAPI document. */
export const teiRoute = (limits: Limits, { keys }: { readonly keys: boolean }) => {
  const { one, many } = teiRequests(limits)
  const request = z.union([one, many]).openapi('TeiRequest', { example: { inputs: 'I like you.' } })
  return createRoute({
    method: 'post',
    path: '/',
    operationId: 'classify',
    tags: ['Dialects'],
    summary: 'Classify as Hugging Face and Text Embeddings Inference do',
    description:
      'The labels of each text, the highest score first. `POST /predict` takes the same bodies, and ' +
      'answers one text without `parameters` by a flat list, as Text Embeddings Inference does.',
    security: keys ? KEY_SECURITY : [],
    request: { body: { required: true, content: { 'application/json': { schema: request } } } },
    responses: {
      200: {
        description: 'One list of labels and scores per text, in request order',
        headers: {
          ...PREDICTION_HEADERS,
          'X-Total-Time': milliseconds('all of it'),
          'X-Tokenization-Time': milliseconds('in the tokenizer'),
          'X-Queue-Time': milliseconds('in the queue'),
          'X-Inference-Time': milliseconds('in the model'),
          'X-Compute-Characters': {
            description: 'Characters of all texts',
            schema: { type: 'integer' as const },
          },
        },
        content: {
          'application/json': {
            schema: z.array(Scores).openapi('TeiResponse', { example: [example] }),
          },
        },
      },
      ...errorResponses(PREDICTION_ERRORS, {
        type: 'application/json',
        schema: TeiError,
        exampleOf: (code) => ({
          error: 'What went wrong, in one sentence.',
          error_type: toErrorType(code),
        }),
      }),
    },
  })
}
