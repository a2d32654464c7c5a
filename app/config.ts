import { z } from 'zod'
import {
  apiKeys,
  bool,
  count,
  dialects,
  httpUrl,
  networks,
  origins,
  port,
  redisUrl,
  seconds,
  share,
  token,
  upstashUrl,
  whole,
  word,
} from './config-values.ts'
import { FOREIGN_DIALECTS } from './telemetry/labels.ts'

/** Schema of the environment: every setting of the service, with its bounds and default. */
const Env = z
  .object({
    HOST: z.string().default('0.0.0.0'),
    PORT: port.default(8000),
    INTERNAL_PORT: port.default(9464),
    GRPC_PORT: port.optional(),
    LOG_LEVEL: word('silent', 'error', 'warn', 'info', 'debug').default('info'),
    LOG_FORMAT: word('json', 'pretty').optional(),
    LOG_REQUESTS_PER_SECOND: count(0).default(20),
    LOG_SLOW_MS: count().default(1000),

    MODEL: z.string().default('sst2-minilm'),
    MODEL_ALLOW_UNVERIFIED: bool.default(false),
    LONG_TEXTS: z.enum(['truncate', 'window']).default('truncate'),
    WORKERS: whole({ least: 1, most: 256 }).optional(),
    SHADOW_MODEL: z.string().optional(),
    SHADOW_SHARE: share.default(0.1),

    MAX_TEXTS: count().default(1024),
    MAX_CHARS: count().default(20_000),
    MAX_BODY_BYTES: count().default(2_000_000),
    MAX_BODIES_BYTES: count().default(67_108_864),
    MAX_STREAMS: count().default(64),
    EXPLAIN: bool.default(true),
    EXPLAIN_MAX_TEXTS: whole({ least: 1, most: 1024 }).default(8),
    EXPLAIN_MAX_WORDS: whole({ least: 1, most: 512 }).default(64),
    MAX_QUEUE_TOKENS: count().default(262_144),
    MAX_QUEUE_SECONDS: seconds(250).default(5),
    MAX_BATCH_TOKENS: count().optional(),
    BATCH_TIMEOUT_SECONDS: seconds(3600).default(10),

    // Bun closes an idle connection after 255 seconds.
    REQUEST_TIMEOUT_SECONDS: seconds(250).default(30),
    BODY_TIMEOUT_SECONDS: seconds(250).default(10),
    DRAIN_SECONDS: seconds(3600, { zero: true }).default(5),
    SHUTDOWN_TIMEOUT_SECONDS: seconds(3600).default(30),

    REDIS_URL: redisUrl.optional(),
    UPSTASH_REDIS_REST_URL: upstashUrl.optional(),
    UPSTASH_REDIS_REST_TOKEN: token.optional(),
    CACHE_TTL_SECONDS: whole({ least: 1, most: 31_536_000 }).default(3600),
    CACHE_MEMORY_ENTRIES: whole({ least: 0, most: 10_000_000 }).default(100_000),
    CACHE_MEMORY_BYTES: count().default(67_108_864),
    CACHE_PREFIX: z
      .string()
      .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
      .default('polarity'),
    CACHE_TIMEOUT_MS: whole({ least: 1, most: 60_000 }).default(50),

    API_KEYS: apiKeys.default([]),
    API_KEYS_FILE: z
      .string()
      .regex(/\S/, 'is set but names no file: unset it, or name one')
      .optional(),
    RATE_LIMIT_TEXTS_PER_MINUTE: count().optional(),
    RATE_LIMIT_MISS_COST: whole({ least: 1, most: 1000 }).default(1),
    TRUSTED_PROXIES: networks.default([]),
    CORS_ORIGINS: origins.default([]),
    DIALECTS: dialects.default([...FOREIGN_DIALECTS]),
    OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
    OTEL_EXPORTER_OTLP_PROTOCOL: z
      .literal('http/protobuf', 'must be http/protobuf, the only supported protocol')
      .default('http/protobuf'),
    OTEL_SDK_DISABLED: bool.default(false),
  })
  .refine((env) => env.PORT !== env.INTERNAL_PORT || env.PORT === 0, {
    path: ['INTERNAL_PORT'],
    error: 'must differ from PORT',
  })
  .refine((env) => !env.GRPC_PORT || ![env.PORT, env.INTERNAL_PORT].includes(env.GRPC_PORT), {
    path: ['GRPC_PORT'],
    error: 'must differ from PORT and INTERNAL_PORT',
  })
  .refine((env) => !env.UPSTASH_REDIS_REST_URL === !env.UPSTASH_REDIS_REST_TOKEN, {
    path: ['UPSTASH_REDIS_REST_TOKEN'],
    error: 'must be set together with UPSTASH_REDIS_REST_URL',
  })
  .refine((env) => env.MAX_BODIES_BYTES >= 4 * env.MAX_BODY_BYTES, {
    path: ['MAX_BODIES_BYTES'],
    error: 'must be at least 4 times MAX_BODY_BYTES: one body may take a quarter of it',
  })
  .refine((env) => !(env.REDIS_URL && env.UPSTASH_REDIS_REST_URL), {
    path: ['REDIS_URL'],
    error: 'cannot be set together with UPSTASH_REDIS_REST_URL: choose one',
  })

export type Config = Readonly<z.infer<typeof Env>>

/** The environment variables that `loadConfig` reads, in the order of the documentation. */
export const CONFIG_NAMES = Object.keys(Env.shape)

/** An invalid configuration. The message is safe to print: one line per problem, and no secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  /** Each problem begins with the name of its variable. */
  constructor(problems: readonly string[], options?: ErrorOptions) {
    const separator = problems.length === 1 ? ': ' : '\n  '
    super(`Bad configuration${separator}${problems.join('\n  ')}`, options)
  }
}

/** An empty value of these would disable what it was set to enable. */
const NEVER_EMPTY = new Set(['API_KEYS', 'API_KEYS_FILE'])

/** Parses the environment; an empty value counts as unset, but for API keys. Throws a `ConfigError` that names every invalid setting. */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const set = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => value !== '' || NEVER_EMPTY.has(name)),
  )
  const result = Env.safeParse(set)
  if (result.success) return Object.freeze(result.data)

  throw new ConfigError(
    result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
  )
}
