import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../app/config.ts'
import { toPlainError } from '../app/telemetry/logger.ts'

const SECRET = 'S3cr3tOfNobody'

/** Everything that a failure to start could print. */
function printed(env: Record<string, string>): string {
  try {
    loadConfig(env)
    return ''
  } catch (error) {
    return JSON.stringify(toPlainError(error)) + inspect(error, { depth: null })
  }
}

/** Addresses with every kind of slip, in which `@@` is where the secret goes. */
const URLS = [
  'redis://:@@@h:6379',
  'rediss://u:@@@h:6380/0',
  'redis://@@:p@h',
  'redis://h:@@',
  'redis://h/@@',
  'redis://h?password=@@',
  '@@://h',
  'redis:@@',
  'redis://:@@@a:1,redis://:@@@b:2',
  'redis://:p@a:1,@@',
  'redis+sentinel://u:@@@a:1,b:2/main',
  'redis+sentinel://a:1/@@',
  'unix:///@@',
]

const NAMES = ['REDIS_URL', 'UPSTASH_REDIS_REST_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'API_KEYS']

/** What passwords are made of, and what URLs fall apart at. */
const noise = fc.string({ unit: fc.constantFrom(...'/@:,?#%[] \\&=+aZ09"\n'), maxLength: 6 })

describe('a secret', () => {
  it('is never printed, wherever it stands in a URL, and whatever is around it', () => {
    const urls = fc.record({
      name: fc.constantFrom(...NAMES),
      url: fc.constantFrom(...URLS),
      before: noise,
      after: noise,
    })
    fc.assert(
      fc.property(urls, ({ name, url, before, after }) => {
        const value = url.replaceAll('@@', () => before + SECRET + after)
        expect(printed({ [name]: value })).not.toContain(SECRET)
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    { UPSTASH_REDIS_REST_TOKEN: `${SECRET}\u0000` },
    { UPSTASH_REDIS_REST_TOKEN: SECRET, UPSTASH_REDIS_REST_URL: 'https://ex%ample.com' },
    { UPSTASH_REDIS_REST_TOKEN: 't', UPSTASH_REDIS_REST_URL: `https://u:${SECRET}@a.example` },
    { CORS_ORIGINS: `https://u:${SECRET}@a.example` },
  ])('is not printed of %o', (env) => {
    expect(printed(env)).toContain('Bad configuration')
    expect(printed(env)).not.toContain(SECRET)
  })

  it.each(['redis://:a/b@h:1', 'redis://u:1/b@h:1', 'redis://:a?b@h', 'redis://:a#b@h'])(
    'that ends the host too early gets the advice to encode it: %s',
    (url) => {
      expect(printed({ REDIS_URL: url })).toContain('%2F')
    },
  )

  it('is not logged with what an error carries', () => {
    const failed = Object.assign(new Error('WRONGPASS'), { command: { args: [SECRET] } })
    expect(JSON.stringify(toPlainError(failed))).not.toContain(SECRET)
    const caused = new Error('no URL', { cause: Object.assign(new Error(), { input: SECRET }) })
    expect(JSON.stringify(toPlainError(caused))).not.toContain(SECRET)
  })
})
