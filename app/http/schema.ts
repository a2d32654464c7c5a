import { z } from '@hono/zod-openapi'
import { NOT_BLANK, NOT_BLANK_PATTERN } from '../blank.ts'
import { ERROR_CODES, PROBLEMS } from '../errors.ts'

export interface Limits {
  readonly maxTexts: number
  readonly maxChars: number
  readonly maxBodyBytes: number
}

/** Also the route label in metrics, logs and traces. */
export const PREDICT_PATH = '/predict'

/** A text that is not blank. `message`: of what is no string. */
export const text = ({ maxChars }: Limits, message = 'Must be a string.') =>
  z
    .string(message)
    // In code points, as `maxLength` of JSON Schema is.
    .max(maxChars, `Longer than ${maxChars} characters.`)
    .regex(NOT_BLANK, 'Must not be blank.')
    .openapi({ pattern: NOT_BLANK_PATTERN })

export const textList = (limits: Limits, one = text(limits)) =>
  z
    .array(one, 'Must be a list of strings.')
    .max(limits.maxTexts, `More than ${limits.maxTexts} texts.`)

/** The body of `POST /predict`. A list of strings is always a batch, never a pair. */
export const predictRequest = (limits: Limits) =>
  z
    .strictObject({
      text: textList(limits),
      // Not `default`: generators of clients take that for a field that must be there.
      truncate: z
        .boolean('Must be true or false.')
        .optional()
        .openapi({
          description:
            'Read a part only of texts over the token limit (`X-Truncated` lists them), as is done by ' +
            'default; if false, reject them.',
        }),
    })
    .openapi('PredictRequest', { example: { text: ['example 1', 'example 2'] } })

const LabelScore = z
  .object({
    label: z.string().openapi({ example: 'POSITIVE' }),
    score: z.number().min(0).max(1).openapi({ example: 0.9961 }),
  })
  .openapi('LabelScore')

/** One inner list per text, in the order sent; every label, in class-id order. */
export const PredictResponse = z
  .object({ predictions: z.array(z.array(LabelScore)) })
  .openapi('PredictResponse', {
    example: {
      predictions: [
        [
          { label: 'NEGATIVE', score: 0.0039 },
          { label: 'POSITIVE', score: 0.9961 },
        ],
      ],
    },
  })

/** RFC 9457 problem details, with a machine-readable `code` and a human-readable `detail`. */
export const Problem = z
  .object({
    type: z.string().openapi({ example: 'urn:polarity:problem:invalid_request' }),
    title: z.string().openapi({ example: PROBLEMS.invalid_request.title }),
    status: z.number().int().openapi({ example: PROBLEMS.invalid_request.status }),
    detail: z.string(),
    code: z.enum(ERROR_CODES),
    request_id: z.string(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .openapi({
        description: 'Validation errors; only for status 422.',
        example: [{ path: 'text[1]', message: 'Must not be blank.' }],
      }),
  })
  .openapi('Problem')

export const HealthStatus = z.object({ status: z.literal('healthy') }).openapi('Health')

export const Probe = z.object({ status: z.enum(['alive', 'ready', 'draining']) }).openapi('Probe')

/** Model, limits and configuration of the process. */
export const Info = z.object({
  name: z.literal('polarity'),
  version: z.string(),
  model: z.object({
    id: z.string(),
    source: z.string(),
    version: z.string().nullable().openapi({
      description: 'Version of the weights; null where the service does not bring them.',
    }),
    revision: z.string().nullable(),
    digest: z.string(),
    dtype: z.string(),
    labels: z.array(z.string()),
    max_tokens: z.number().int(),
  }),
  numerics: z.string().openapi({
    description: 'Services of one model with the same class give the same scores to 1e-5.',
  }),
  long_texts: z.enum(['truncate', 'window']).openapi({
    description: 'What is read of a text that has more tokens than the model takes.',
  }),
  limits: z.object({
    max_texts: z.number().int(),
    max_chars: z.number().int(),
    max_body_bytes: z.number().int(),
    max_queue_tokens: z.number().int(),
    max_queue_seconds: z.number(),
    max_batch_tokens: z.number().int(),
    request_timeout_seconds: z.number(),
  }),
  streaming: z
    .object({
      content_types: z.array(z.string()),
      max_row_bytes: z.number().int(),
      max_streams: z.number().int(),
    })
    .openapi({ description: 'Rows that `POST /predict` answers while they are being sent.' }),
  workers: z.number().int(),
  cache: z.object({ tiers: z.array(z.string()) }),
})

export type Info = z.infer<typeof Info>
