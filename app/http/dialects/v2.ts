import type { Context } from 'hono'
import type { Health } from '../../health.ts'
import type { Metrics } from '../../telemetry/metrics.ts'
import type { Dialect } from '../dialect.ts'
import type { Inference } from '../inference.ts'
import { refuseBecause } from '../probes.ts'
import type { RequestEnv } from '../request-env.ts'
import type { Router } from '../router.ts'
import type { Info, Limits } from '../schema.ts'
import { speaks } from '../speaks.ts'
import { toOpenError } from './open-error.ts'
import type { ServedModel } from './served-model.ts'
import { createV2Door } from './v2-door.ts'
import { toModelConfig, toModelMetadata, toServerMetadata } from './v2-model.ts'
import { v2Routes } from './v2-schema.ts'
import { toInferenceStats } from './v2-stats.ts'

/** The Open Inference Protocol, which Triton, KServe and MLServer share. */
const V2: Dialect = { name: 'v2', errorBody: toOpenError }

/** Of every model. */
const ALL_STATS = '/v2/models/stats'

interface V2Options {
  readonly inference: Inference
  readonly model: ServedModel
  readonly info: Info
  readonly health: Health
  readonly metrics: Metrics
  readonly limits: Limits
  /** Whether callers need a key. */
  readonly keys: boolean
}

/** The protocol over HTTP, with Triton's extensions that make sense here. */
export function addV2(app: Router, options: V2Options): void {
  app.use('/v2/*', speaks(V2))
  addServer(app, options)
  const door = createV2Door(options)
  for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    addModel(app, path, options)
    options.inference.post(app, `${path}/infer`, door)
  }
  for (const route of v2Routes(options)) app.openAPIRegistry.registerPath(route)
}

function addServer(app: Router, options: V2Options): void {
  const { model, info, health } = options
  const { name, version } = model
  app.get('/v2', (c) => c.json(toServerMetadata(info)))
  app.get('/v2/health/live', (c) => {
    refuseBecause(health.whyNotAlive)
    return c.json({ live: true })
  })
  app.get('/v2/health/ready', (c) => {
    refuseBecause(health.whyNotReady)
    return c.json({ ready: true })
  })
  app.get('/v2/models', (c) => c.json({ models: [name] }))
  app.post('/v2/repository/index', (c) =>
    c.json([{ name, version, state: health.whyNotReady ? 'UNAVAILABLE' : 'READY', reason: '' }]),
  )
}

/** The routes of the model, and the same with its version in the path. */
function addModel(app: Router, path: string, options: V2Options): void {
  const { model, info, health, inference } = options
  const { labels } = info.model
  const sendStats = async (c: Context<RequestEnv>, name = model.require(c)) => {
    // What others send is no business of who may send nothing.
    inference.requireKey(c)
    return c.json(await statsOf(name, options))
  }
  app.get(path, async (c): Promise<Response> => {
    // A route of its own beside `:model` would take all routes out of Hono's fast router.
    if (c.req.path === ALL_STATS) return sendStats(c, model.name)
    return c.json(toModelMetadata(model, model.require(c), labels))
  })
  app.get(`${path}/ready`, (c) => {
    const name = model.require(c)
    refuseBecause(health.whyNotReady)
    return c.json({ name, ready: true })
  })
  app.get(`${path}/config`, (c) => c.json(toModelConfig(model.require(c), labels)))
  app.get(`${path}/stats`, (c) => sendStats(c))
}

async function statsOf(name: string, { model, metrics, inference }: V2Options) {
  const { version } = model
  const last = { last_inference: inference.lastAnswerAt() }
  return { model_stats: [{ name, version, ...last, ...(await toInferenceStats(metrics)) }] }
}
