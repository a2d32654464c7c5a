import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { Env } from 'hono'
import type { Config } from '../config.ts'
import { TeiInfo, toTeiInfo } from './dialects/tei-info.ts'
import { REQUEST_ID_HEADER } from './openapi.ts'
import { Info } from './schema.ts'
import { STREAM_TYPES } from './streaming/media-type.ts'
import { maxRowBytes } from './streaming/row.ts'

/** With what clients of Text Embeddings Inference look for. */
const Served = Info.extend(TeiInfo.shape).openapi('Info')

const infoRoute = createRoute({
  method: 'get',
  path: '/info',
  operationId: 'getInfo',
  description: 'The same answer for as long as the process lives.',
  tags: ['Operations'],
  summary: 'The model, limits, workers and cache tiers of this process',
  responses: {
    200: {
      description: 'As configured',
      headers: REQUEST_ID_HEADER,
      content: { 'application/json': { schema: Served } },
    },
  },
})

/** `GET /info`: model, limits and configuration; constant for the lifetime of the process. */
export function addInfo<E extends Env>(app: OpenAPIHono<E>, info: Info): void {
  const all = { ...info, ...toTeiInfo(info) }
  app.openapi(infoRoute, (c) => c.json(all, 200))
}

/** Tokens of the longest text that is read as a whole, special tokens included: two windows have two each. */
export const wholeTokens = ({ model, long_texts }: Info): number =>
  long_texts === 'window' ? 2 * model.max_tokens - 2 : model.max_tokens

interface InfoParts {
  readonly version: string
  readonly model: Omit<Info['model'], 'labels' | 'max_tokens' | 'card'> & {
    readonly labels: readonly string[]
    readonly maxTokens: number
    /** Undefined: it has none. */
    readonly card?: NonNullable<Info['model']['card']> | undefined
  }
  readonly numerics: string
  readonly maxBatchTokens: number
  readonly workers: number
  readonly tiers: readonly string[]
}

/** What `/info` says of a service with these settings and parts. */
export function toInfo(config: Config, parts: InfoParts): Info {
  const { id, source, version, revision, digest, dtype, labels, maxTokens, card } = parts.model
  return {
    name: 'polarity',
    version: parts.version,
    model: {
      id,
      source,
      version,
      revision,
      digest,
      dtype,
      labels: [...labels],
      max_tokens: maxTokens,
      card: card ? { unsure: card.unsure, limits: card.limits } : null,
    },
    numerics: parts.numerics,
    long_texts: config.LONG_TEXTS,
    limits: {
      max_texts: config.MAX_TEXTS,
      max_chars: config.MAX_CHARS,
      max_body_bytes: config.MAX_BODY_BYTES,
      max_queue_tokens: config.MAX_QUEUE_TOKENS,
      max_queue_seconds: config.MAX_QUEUE_SECONDS,
      max_batch_tokens: parts.maxBatchTokens,
      request_timeout_seconds: config.REQUEST_TIMEOUT_SECONDS,
    },
    streaming: {
      content_types: [...STREAM_TYPES],
      max_row_bytes: maxRowBytes(config.MAX_CHARS),
      max_streams: config.MAX_STREAMS,
    },
    explanations: config.EXPLAIN
      ? { max_texts: config.EXPLAIN_MAX_TEXTS, max_words: config.EXPLAIN_MAX_WORDS }
      : null,
    workers: parts.workers,
    cache: { tiers: [...parts.tiers] },
  }
}
