import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { z } from 'zod'
import type { Check, Target } from './target.ts'

const Info = z.looseObject({
  name: z.string(),
  version: z.string(),
  model: z.looseObject({
    id: z.string(),
    source: z.string(),
    digest: z.string().regex(/^[0-9a-f]{16,}$/),
    dtype: z.string(),
    labels: z.tuple([z.literal('NEGATIVE'), z.literal('POSITIVE')]),
    max_tokens: z.number(),
  }),
  limits: z.looseObject({ max_texts: z.number(), max_chars: z.number() }),
  workers: z.number(),
  cache: z.looseObject({ tiers: z.array(z.string()) }),
})

const OpenApi = z.looseObject({
  openapi: z.string().startsWith('3.1'),
  paths: z.looseObject({
    '/predict': z.looseObject({
      post: z.looseObject({ responses: z.record(z.string(), z.unknown()) }),
    }),
  }),
})

const DOCUMENTED = ['200', '400', '413', '415', '422', '429', '503', '504']

const METRICS = [
  'http_request_duration_seconds',
  'http_requests_total',
  'polarity_texts_total',
  'polarity_cache_lookups_total',
  'polarity_cache_duration_seconds',
  'polarity_queue_texts',
  'polarity_queue_tokens',
  'polarity_batch_texts',
  'polarity_batch_tokens',
  'polarity_tokens_total',
  'polarity_padding_tokens_total',
  'polarity_stage_duration_seconds',
  'polarity_rejected_total',
  'polarity_truncated_texts_total',
  'polarity_predictions_total',
  'polarity_workers',
  'polarity_worker_restarts_total',
  'polarity_model_info',
]

/** Resources and links on other hosts. */
const EXTERNAL = /(?:src|href)=["']?(?:https?:)?\/\/([^"'/ >]+)/g

const open = (name: string, get: (target: Target) => Promise<Response>): Check => ({
  name,
  async run(target) {
    equal((await get(target)).status, 200)
  },
})

/** Checks of the other routes and the metrics. */
export const ROUTES: readonly Check[] = [
  {
    name: '/health',
    async run(target) {
      equal(await (await target.get('/health')).text(), '{"status":"healthy"}')
    },
  },
  ...['/livez', '/readyz', '/', '/docs'].map((path) => open(path, (target) => target.get(path))),
  ...['/livez', '/readyz'].map((path) =>
    open(`${path} on the internal port`, (target) => target.getInternal(path)),
  ),
  {
    name: 'pages without resources or links on other hosts',
    async run(target) {
      for (const path of ['/', '/docs']) {
        const page = await (await target.get(path, { accept: 'text/html' })).text()
        match(page, /<html/i)
        deepEqual(
          [...page.matchAll(EXTERNAL)].map(([, host]) => host),
          [],
          path,
        )
      }
    },
  },
  {
    name: '/info: model, limits, workers and cache',
    async run(target) {
      Info.parse(await (await target.get('/info')).json())
    },
  },
  {
    name: '/openapi.json: version 3.1, with every error of /predict',
    async run(target) {
      const { paths } = OpenApi.parse(await (await target.get('/openapi.json')).json())
      const { responses } = paths['/predict'].post
      deepEqual(
        DOCUMENTED.filter((status) => !(status in responses)),
        [],
      )
    },
  },
  {
    name: '/metrics on the internal port only',
    async run(target) {
      equal((await target.get('/metrics')).status, 404)
      equal((await target.getInternal('/metrics')).status, 200)
    },
  },
  {
    name: '/metrics: every metric of the contract',
    async run(target) {
      const scrape = await (await target.getInternal('/metrics')).text()
      match(scrape, /^# TYPE /m)
      for (const name of METRICS) ok(scrape.includes(`# TYPE ${name} `), `${name} is missing`)
    },
  },
]
