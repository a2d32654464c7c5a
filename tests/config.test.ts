import { describe, expect, it } from 'vitest'
import { loadConfig } from '../app/config.ts'

/** What is said of an environment that can't be used. */
function complaintOf(env: Record<string, string>): string {
  try {
    loadConfig(env)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('Nothing was wrong with it.')
}

describe('the configuration', () => {
  it('needs nothing', () => {
    expect(loadConfig({})).toMatchObject({ PORT: 8000, MODEL: 'sst2-minilm', API_KEYS: [] })
  })

  it('takes an empty value as unset', () => {
    expect(loadConfig({ PORT: '' }).PORT).toBe(8000)
  })

  it('names every bad value at once', () => {
    expect(complaintOf({ PORT: 'http', MAX_TEXTS: '0' })).toMatch(/PORT: .*\n.*MAX_TEXTS: /)
  })

  it.each(['8000', '9464'])('wants another port for gRPC than %s, which is taken', (GRPC_PORT) => {
    expect(complaintOf({ GRPC_PORT })).toBe(
      'Bad configuration: GRPC_PORT: must differ from PORT and INTERNAL_PORT',
    )
  })

  it('says what is wrong with a single value in one line', () => {
    expect(complaintOf({ PORT: 'abc' })).toBe(
      'Bad configuration: PORT: "abc" is not a whole number from 0 to 65535',
    )
  })

  it.each([
    { PORT: '65536' },
    { PORT: '80.5' },
    { PORT: ' ' },
    { GRPC_PORT: '65536' },
    { WORKERS: '0' },
    { WORKERS: '257' },
    { MAX_CHARS: 'Infinity' },
    { EXPLAIN: 'perhaps' },
    { EXPLAIN_MAX_TEXTS: '0' },
    { EXPLAIN_MAX_WORDS: '513' },
    { LOG_LEVEL: 'loud' },
    { DIALECTS: 'v3' },
    { LOG_FORMAT: 'xml' },
    { REQUEST_TIMEOUT_SECONDS: '-1' },
    { SHUTDOWN_TIMEOUT_SECONDS: '0' },
    { MAX_QUEUE_SECONDS: '0' },
    { DRAIN_SECONDS: 'soon' },
    { OTEL_SDK_DISABLED: 'perhaps' },
    { SHADOW_SHARE: '1.5' },
    { SHADOW_SHARE: '10%' },
  ])('repeats a value that it refuses: %o', (env) => {
    for (const [name, value] of Object.entries(env)) {
      expect(complaintOf(env)).toContain(`${name}: "${value}" is`)
    }
  })

  it.each([
    { REDIS_URL: 'http://localhost' },
    { REDIS_URL: 'localhost:6379' },
    { CACHE_PREFIX: 'a:b' },
    { API_KEYS: 'not-a-digest' },
    { API_KEYS: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    { API_KEYS_FILE: '' },
    { RATE_LIMIT_MISS_COST: '0' },
    { TRUSTED_PROXIES: 'proxy.example' },
    { TRUSTED_PROXIES: '10.0.0.0/33' },
    { TRUSTED_PROXIES: '0.0.0.0/0' },
    { TRUSTED_PROXIES: '::ffff:0.0.0.0/96' },
    { TRUSTED_PROXIES: '10.0.0.1/' },
    { TRUSTED_PROXIES: '010.0.0.1' },
    { TRUSTED_PROXIES: 'fe80::1%eth0' },
    { TRUSTED_PROXIES: ',' },
    { MAX_BODIES_BYTES: '7999999' },
    { UPSTASH_REDIS_REST_URL: 'https://example.com' },
    { UPSTASH_REDIS_REST_TOKEN: 'token' },
    { UPSTASH_REDIS_REST_TOKEN: 'a token' },
    { UPSTASH_REDIS_REST_URL: 'https://u:p@example.com', UPSTASH_REDIS_REST_TOKEN: 'token' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://' },
  ])('refuses %o', (env) => {
    expect(complaintOf(env)).toContain('Bad configuration')
  })

  it('refuses two shared caches', () => {
    const upstash = { UPSTASH_REDIS_REST_URL: 'https://example.com', UPSTASH_REDIS_REST_TOKEN: 't' }
    expect(complaintOf({ ...upstash, REDIS_URL: 'redis://localhost' })).toContain('choose one')
  })

  it('refuses one port for both', () => {
    expect(complaintOf({ PORT: '9464' })).toContain('INTERNAL_PORT: ')
    expect(loadConfig({ PORT: '0', INTERNAL_PORT: '0' })).toMatchObject({ PORT: 0 })
  })
})

describe('a list in the configuration', () => {
  it('is read by commas', () => {
    const { CORS_ORIGINS } = loadConfig({ CORS_ORIGINS: 'https://a.example, https://b.example,' })
    expect(CORS_ORIGINS).toEqual(['https://a.example', 'https://b.example'])
  })

  it('takes no dialect where it is told so, and nothing beside', () => {
    expect(loadConfig({ DIALECTS: 'none' }).DIALECTS).toEqual([])
    expect(complaintOf({ DIALECTS: 'none,tei' })).toBe(
      'Bad configuration: DIALECTS: none stands alone',
    )
  })

  it.each([{ API_KEYS: ',' }, { API_KEYS: ' ' }, { CORS_ORIGINS: ' , ' }])(
    'that is set must name something: %o',
    (env) => {
      expect(complaintOf(env)).toContain('is set but has no items')
    },
  )

  it('of keys says which is none, and does not repeat it', () => {
    const message = complaintOf({ API_KEYS: `${'0'.repeat(64)},the key itself` })
    expect(message).toContain('API_KEYS: item 2 ')
    expect(message).not.toContain('the key itself')
  })

  it.each([
    ['https://App.Example:443', 'https://app.example'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['capacitor://localhost', 'capacitor://localhost'],
    ['*', '*'],
  ])('of origins has %s as browsers send it', (origin, sent) => {
    expect(loadConfig({ CORS_ORIGINS: origin }).CORS_ORIGINS).toEqual([sent])
  })

  it.each([
    'app.example',
    'https://app.example/',
    'https://app.example/a',
    'null',
    '*,https://a.b',
  ])('of origins refuses %s', (origin) => {
    expect(complaintOf({ CORS_ORIGINS: origin })).toContain('CORS_ORIGINS: ')
  })
})
