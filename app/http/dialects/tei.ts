import type { Context } from 'hono'
import type { Prediction } from '../../classifier/classify.ts'
import type { Timing } from '../../telemetry/timing.ts'
import { type Dialect, inOneLine } from '../dialect.ts'
import { type Asked, type Inference, TRUNCATE_IS_FALSE } from '../inference.ts'
import { toInvalidRequest } from '../problem.ts'
import type { RequestEnv } from '../request-env.ts'
import type { Router } from '../router.ts'
import type { Limits } from '../schema.ts'
import { speaks } from '../speaks.ts'
import { teiRequests, teiRoute, toErrorType } from './tei-schema.ts'

/** Text Embeddings Inference and Hugging Face. */
const TEI: Dialect = {
  name: 'tei',
  errorBody: (error) => ({ error: inOneLine(error), error_type: toErrorType(error.code) }),
}

const EXAMPLE = '{"inputs": "example"}'

const hasInputs = (body: unknown): body is { readonly inputs: unknown } =>
  typeof body === 'object' && body !== null && Object.hasOwn(body, 'inputs')

/** At `/predict` the fields of a body decide: `text` leaves it to the service's own dialect. */
export const isTeiBody = (body: unknown): boolean => hasInputs(body) && !Object.hasOwn(body, 'text')

export type AskTei = ReturnType<typeof createTeiReader>

/**
 * A function that reads bodies of this dialect. One text is answered by a list of one, as clients of
 * Hugging Face read it: they send `parameters`, or to `/`. Text Embeddings Inference has a flat list at
 * `/predict`.
 */
export function createTeiReader(limits: Limits, labels: readonly string[]) {
  const parse = createParser(limits)
  const toJson = createSortedScoresWriter(labels)

  return (body: unknown, c: Context<RequestEnv>): Asked => {
    c.set('dialect', TEI)
    const { texts, isOne, topK = labels.length, ...options } = parse(body)
    const isFlat = isOne && !options.hasParameters && c.req.path !== '/'
    return {
      texts,
      refuseLong: whyRefused(options),
      pathOf: (index) => (isOne ? 'inputs' : `inputs[${index}]`),
      encode(predictions, timing) {
        const lists = predictions.map(({ scores }) => toJson(scores, topK)).join(',')
        return { body: isFlat ? lists : `[${lists}]`, headers: timesOf(texts, timing) }
      },
    }
  }
}

/** A function that reads all fields. Throws `invalid_request`. */
function createParser(limits: Limits) {
  const { one, many } = teiRequests(limits)
  return (body: unknown) => {
    const isOne = hasInputs(body) && typeof body.inputs === 'string'
    const result = isOne ? one.safeParse(body) : many.safeParse(withTexts(body))
    if (!result.success) throw toInvalidRequest(result.error, EXAMPLE)
    const { inputs, parameters, ...options } = result.data
    return {
      ...options,
      isOne,
      texts: typeof inputs === 'string' ? [inputs] : inputs,
      hasParameters: parameters !== undefined,
      topK: parameters?.top_k ?? undefined,
    }
  }
}

/** `POST /`, where clients of Hugging Face and of its endpoints send what they have. */
export function addTei(app: Router, { inference, ask, limits, keys }: TeiOptions): void {
  app.post('/', speaks(TEI))
  inference.post(app, '/', { read: (c, call) => inference.bodies.json(c, call), ask })
  app.openAPIRegistry.registerPath(teiRoute(limits, { keys }))
}

interface TeiOptions {
  readonly inference: Inference
  readonly ask: AskTei
  readonly limits: Limits
  readonly keys: boolean
}

/** Text Embeddings Inference has each text of a batch in a list of its own, where a pair would be two. */
function withTexts(body: unknown): unknown {
  if (!hasInputs(body) || !Array.isArray(body.inputs)) return body
  const inputs = body.inputs.map((one: unknown) =>
    Array.isArray(one) && one.length === 1 ? one[0] : one,
  )
  return { ...body, inputs }
}

interface Options {
  readonly truncate?: boolean | null | undefined
  readonly truncation_direction?: string | null | undefined
}

function whyRefused({ truncate, truncation_direction }: Options): string | undefined {
  if (truncate === false) return TRUNCATE_IS_FALSE
  return truncation_direction?.toLowerCase() === 'left' ? 'texts are cut at the right' : undefined
}

/** A function that writes the `topK` highest scores with their labels, the highest first. */
function createSortedScoresWriter(labels: readonly string[]) {
  const beginnings = labels.map((label) => `{"label":${JSON.stringify(label)},"score":`)
  return (scores: Prediction['scores'], topK: number): string => {
    const sorted = [...scores.entries()].sort(([, a], [, b]) => b - a).slice(0, topK)
    return `[${sorted.map(([i, score]) => `${beginnings[i]}${score}}`).join(',')}]`
  }
}

/** In milliseconds, as Text Embeddings Inference says them. */
function timesOf(texts: readonly string[], timing: Timing): Record<string, string> {
  const rounded = (milliseconds: number) => String(Math.round(milliseconds))
  const total = rounded(timing.elapsed())
  return {
    'x-compute-type': 'cpu',
    'x-compute-time': total,
    'x-compute-characters': String(texts.reduce((sum, text) => sum + charactersOf(text), 0)),
    'x-total-time': total,
    'x-tokenization-time': rounded(timing.spent('tokenize')),
    'x-queue-time': rounded(timing.spent('queue')),
    'x-inference-time': rounded(timing.spent('inference')),
  }
}

/** In code points. */
function charactersOf(text: string): number {
  let characters = 0
  for (const _ of text) characters++
  return characters
}
