import { z } from '@hono/zod-openapi'
import { NOT_BLANK, NOT_BLANK_PATTERN } from '../blank.ts'
import { ERROR_CODES, PROBLEMS } from '../errors.ts'
import { CardFacts } from './card.ts'

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
      explain: z
        .union([z.boolean(), z.strictObject({ label: z.string() })], {
          error: 'Must be true, false or an object like {"label": "POSITIVE"}.',
        })
        .optional()
        .openapi({
          description:
            'Say how far each word pushes the score of a label: of the last one, or of that named. ' +
            'Each word costs as much as a text; `GET /info` has how many texts and words may be asked ' +
            'for, or null where explanations are off.',
        }),
    })
    .openapi('PredictRequest', { example: { text: ['example 1', 'example 2'] } })

const LabelScore = z
  .object({
    label: z.string().openapi({ example: 'POSITIVE' }),
    score: z.number().min(0).max(1).openapi({ example: 0.9961 }),
  })
  .openapi('LabelScore')

const from = z.number().int().openapi({ description: 'In UTF-16 code units.' })
const to = z.number().int().openapi({ description: 'Exclusive.' })
const push = z.number().min(-1).max(1).openapi({
  description: 'The score of the text less that of the text without this part.',
})

const WordPush = z
  .object({ from, to, text: z.string(), push })
  .openapi('WordPush', { example: { from: 2, to: 6, text: 'love', push: 0.87 } })

const PassagePush = z.object({ from, to, push }).openapi('PassagePush')

/** As `Explanation` of the classifier. */
const ExplanationSchema = z
  .object({
    label: z.string().openapi({ example: 'POSITIVE' }),
    base: z.number().min(0).max(1).openapi({
      description: 'The score of the label, for the whole text.',
      example: 0.9961,
    }),
    words: z.array(WordPush).openapi({
      description: 'In the order of the text; of a long one, those of the passages that push most.',
    }),
    passages: z.array(PassagePush).optional().openapi({
      description: 'All parts of a text with too many words, which are its sentences or several.',
    }),
  })
  .openapi('Explanation')

/** One inner list per text, in the order sent; every label, in class-id order. */
const predictions = z.array(z.array(LabelScore))

const EXAMPLE = {
  predictions: [
    [
      { label: 'NEGATIVE', score: 0.0039 },
      { label: 'POSITIVE', score: 0.9961 },
    ],
  ],
}

/** What `POST /predict` answers. */
export const PredictResponse = z
  .object({
    predictions,
    explanations: z
      .array(ExplanationSchema)
      .optional()
      .openapi({ description: 'With `explain`, one per text.' }),
  })
  .openapi('PredictResponse', { example: EXAMPLE })

/** The same where nothing is explained. */
export const Predictions = z.object({ predictions }).openapi('Predictions', { example: EXAMPLE })

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
    card: CardFacts,
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
  explanations: z
    .object({ max_texts: z.number().int(), max_words: z.number().int() })
    .nullable()
    .openapi({
      description:
        'Of a request with `explain`: texts at most, and words of each; null: it is off.',
    }),
  workers: z.number().int(),
  cache: z.object({ tiers: z.array(z.string()) }),
})

export type Info = z.infer<typeof Info>
