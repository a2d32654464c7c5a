import type { Context } from 'hono'
import { AppError } from '../../errors.ts'
import type { Health } from '../../health.ts'
import type { Dialect } from '../dialect.ts'
import type { Asked, Inference } from '../inference.ts'
import { createPredictionsWriter } from '../predictions-writer.ts'
import { refuseBecause } from '../probes.ts'
import { toInvalidRequest } from '../problem.ts'
import type { Router } from '../router.ts'
import type { Limits } from '../schema.ts'
import { speaks } from '../speaks.ts'
import { toOpenError } from './open-error.ts'
import type { ServedModel } from './served-model.ts'
import { v1Request, v1Routes } from './v1-schema.ts'

/** KServe's first protocol, which is that of TensorFlow Serving. */
const V1: Dialect = { name: 'v1', errorBody: toOpenError }

const EXAMPLE = '{"instances": ["example"]}'
const VERB = ':predict'

interface V1Options {
  readonly inference: Inference
  readonly model: ServedModel
  readonly health: Health
  readonly limits: Limits
  readonly labels: readonly string[]
  /** Whether callers need a key. */
  readonly keys: boolean
}

export function addV1(app: Router, options: V1Options): void {
  const { inference, model, health, limits } = options
  app.use('/v1/*', speaks(V1))
  app.get('/v1/models', (c) => c.json({ models: [model.name] }))
  app.get('/v1/models/:model', (c) => {
    const name = model.require(c)
    refuseBecause(health.whyNotReady)
    return c.json({ name, ready: true })
  })
  const ask = createV1Reader(options)
  inference.post(app, '/v1/models/:model', {
    read(c, call) {
      model.require(c, withoutVerb(c))
      return inference.bodies.json(c, call)
    },
    ask,
  })
  for (const route of v1Routes(limits, options)) app.openAPIRegistry.registerPath(route)
}

function createV1Reader({ limits, labels }: V1Options) {
  const schema = v1Request(limits)
  const encode = createPredictionsWriter(labels)
  const pathOf = (index: number) => `instances[${index}]`
  return (body: unknown): Asked => {
    const result = schema.safeParse(body)
    if (!result.success) throw toInvalidRequest(result.error, EXAMPLE)
    return { texts: result.data.instances, pathOf, encode }
  }
}

/** A colon within a segment is no parameter to the router. */
function withoutVerb(c: Context): string {
  const name = c.req.param('model') ?? ''
  if (name.endsWith(VERB)) return name.slice(0, -VERB.length)
  throw new AppError('not_found', `Send predictions to /v1/models/NAME${VERB}.`)
}

/**
 * `GET /` for clients of KServe, which ask there whether the service lives and take any type of answer;
 * browsers, which name HTML, get the page. Must be added before the pages.
 */
export function addLiveness(app: Router, health: Health): void {
  app.get('/', async (c, next) => {
    if (/\bhtml\b/i.test(c.req.header('accept') ?? '')) {
      await next()
      c.header('Vary', 'Accept', { append: true })
      return
    }
    refuseBecause(health.whyNotAlive)
    return c.json({ status: 'alive' }, 200, { Vary: 'Accept' })
  })
}
