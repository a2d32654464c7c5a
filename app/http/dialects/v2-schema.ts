import { type RouteConfig, z } from '@hono/zod-openapi'
import type { ErrorCode } from '../../errors.ts'
import { KEY_SECURITY, REQUEST_ID_HEADER } from '../openapi.ts'
import { PREDICTION_ERRORS, PREDICTION_HEADERS } from '../predict-route.ts'
import { openErrors } from './open-error.ts'
import { Config, Index, ModelMetadata, Server, Stats, V2Response } from './v2-answer-schema.ts'
import { V2Request } from './v2-request.ts'

interface About {
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly schema: z.ZodType
  readonly method?: 'get' | 'post'
  readonly errors?: readonly ErrorCode[]
  /** Whether callers need a key. */
  readonly keys?: boolean
}

/** A route whose answer is JSON. */
const toRoute = ({
  schema,
  errors = [],
  method = 'get',
  keys,
  path,
  ...about
}: About): RouteConfig => ({
  ...about,
  method,
  path,
  tags: ['Dialects'],
  description: 'As the Open Inference Protocol has it.',
  ...(keys && { security: KEY_SECURITY }),
  ...(path.includes('{') && { request: { params: paramsOf(path) } }),
  responses: {
    200: {
      description: 'As the Open Inference Protocol has it',
      headers: REQUEST_ID_HEADER,
      content: { 'application/json': { schema } },
    },
    ...openErrors(errors),
  },
})

const paramsOf = (path: string) =>
  path.includes('{version}')
    ? z.object({ model: z.string(), version: z.string() })
    : z.object({ model: z.string() })

interface Options {
  /** Whether callers need a key. */
  readonly keys: boolean
}

/** The routes of the Open Inference Protocol in the OpenAPI document. */
export const v2Routes = (options: Options): readonly RouteConfig[] => [
  ...serverRoutes(options),
  ...modelRoutes('', options),
  ...modelRoutes('Version', options),
]

const serverRoutes = ({ keys }: Options) =>
  [
    { path: '/v2', operationId: 'v2Server', summary: 'What the server can do', schema: Server },
    {
      path: '/v2/health/live',
      operationId: 'v2Live',
      summary: 'Liveness',
      schema: z.object({ live: z.literal(true) }),
      errors: ['not_ready'] as const,
    },
    {
      path: '/v2/health/ready',
      operationId: 'v2Ready',
      summary: 'Readiness',
      schema: z.object({ ready: z.literal(true) }),
      errors: ['not_ready'] as const,
    },
    {
      path: '/v2/models',
      operationId: 'v2Models',
      summary: 'The models that are served',
      schema: z.object({ models: z.array(z.string()) }),
    },
    {
      path: '/v2/models/stats',
      operationId: 'v2Stats',
      summary: 'Counts and times since the start',
      schema: Stats,
      keys,
      errors: keys ? (['unauthorized'] as const) : [],
    },
    {
      path: '/v2/repository/index',
      operationId: 'v2Index',
      summary: 'The models that are served, and their state',
      schema: Index,
      method: 'post' as const,
    },
  ].map(toRoute)

/** Those of a model, and of a version of it. */
function modelRoutes(suffix: '' | 'Version', { keys }: Options): RouteConfig[] {
  const path = `/v2/models/{model}${suffix && '/versions/{version}'}`
  const known = ['not_found'] as const
  const described = [
    { verb: '', name: '', summary: 'Its tensors', schema: ModelMetadata, errors: known },
    {
      verb: '/ready',
      name: 'Ready',
      summary: 'Whether it is ready',
      schema: z.object({ name: z.string(), ready: z.literal(true) }),
      errors: [...known, 'not_ready'] as const,
    },
    {
      verb: '/config',
      name: 'Config',
      summary: 'Its configuration',
      schema: Config,
      errors: known,
    },
    {
      verb: '/stats',
      name: 'Stats',
      summary: 'Counts and times since the start',
      schema: Stats,
      keys,
      errors: keys ? ([...known, 'unauthorized'] as const) : known,
    },
  ].map(({ verb, name, ...about }) =>
    toRoute({ ...about, path: `${path}${verb}`, operationId: `v2Model${suffix}${name}` }),
  )
  return [...described, inferRoute(`${path}/infer`, `v2${suffix}Infer`, keys)]
}

const inferRoute = (path: string, operationId: string, keys: boolean): RouteConfig => ({
  method: 'post',
  path,
  operationId,
  tags: ['Dialects'],
  summary: 'Classify as the Open Inference Protocol does',
  description:
    'JSON, or with `Inference-Header-Content-Length` JSON of that length and the tensors behind it ' +
    '(Triton’s extension for binary data), as `application/octet-stream`.',
  security: keys ? KEY_SECURITY : [],
  request: {
    params: paramsOf(path),
    headers: z.object({ 'Inference-Header-Content-Length': z.string().optional() }),
    body: { required: true, content: { 'application/json': { schema: V2Request } } },
  },
  responses: {
    200: {
      description: 'The outputs that were asked for, or all',
      headers: PREDICTION_HEADERS,
      content: { 'application/json': { schema: V2Response } },
    },
    ...openErrors(['not_found', ...PREDICTION_ERRORS]),
  },
})
