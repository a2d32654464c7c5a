import { describe, expect, it } from 'vitest'
import { loadConfig } from '../app/config.ts'

describe('the configuration', () => {
  it('needs nothing', () => {
    expect(loadConfig({})).toMatchObject({ PORT: 8000, MODEL: 'sst2-minilm', API_KEYS: [] })
  })

  it('takes an empty value as unset', () => {
    expect(loadConfig({ PORT: '' }).PORT).toBe(8000)
  })

  it('names every bad value at once', () => {
    expect(() => loadConfig({ PORT: 'http', MAX_TEXTS: '0' })).toThrow(/PORT: .*\n.*MAX_TEXTS: /)
  })

  it.each([
    { PORT: '65536' },
    { PORT: '80.5' },
    { WORKERS: '0' },
    { LOG_LEVEL: 'loud' },
    { REQUEST_TIMEOUT_SECONDS: '-1' },
    { DRAIN_SECONDS: 'soon' },
    { REDIS_URL: 'http://localhost' },
    { REDIS_URL: 'localhost:6379' },
    { CACHE_PREFIX: 'a:b' },
    { API_KEYS: 'not-a-digest' },
    { UPSTASH_REDIS_REST_URL: 'https://example.com' },
    { UPSTASH_REDIS_REST_TOKEN: 'token' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' },
  ])('refuses %o', (env) => {
    expect(() => loadConfig(env)).toThrow('Bad configuration')
  })

  it('refuses two shared caches', () => {
    const upstash = { UPSTASH_REDIS_REST_URL: 'https://example.com', UPSTASH_REDIS_REST_TOKEN: 't' }
    expect(() => loadConfig({ ...upstash, REDIS_URL: 'redis://localhost' })).toThrow('choose one')
  })

  it('reads lists by commas', () => {
    const { CORS_ORIGINS } = loadConfig({ CORS_ORIGINS: 'https://a.example, https://b.example,' })
    expect(CORS_ORIGINS).toEqual(['https://a.example', 'https://b.example'])
  })
})
