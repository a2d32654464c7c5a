import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CONFIG_NAMES, ConfigError, loadConfig } from '../app/config.ts'
import { parseRedisUrl } from '../app/redis-url.ts'

const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', ' ', ',', '0', '-1', '1e9', '0x10', 'NaN', 'Infinity', 'true', '*', '%ZZ'),
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.webUrl(),
  fc
    .tuple(fc.constantFrom('redis://', 'rediss://', 'unix:///'), fc.string())
    .map((t) => t.join('')),
)
const env = fc.dictionary(fc.constantFrom(...CONFIG_NAMES), value, { maxKeys: 6 })

type NumberName = 'PORT' | 'REQUEST_TIMEOUT_SECONDS' | 'MAX_TEXTS'

/** The setting, or its default if the text is refused. */
function read(name: NumberName, text: string): number {
  try {
    return loadConfig({ [name]: text })[name]
  } catch (error) {
    if (error instanceof ConfigError) return loadConfig({})[name]
    throw error
  }
}

const within = (value: number, [least, most]: [least: number, most: number]) =>
  value >= least && value <= most

describe('loadConfig', () => {
  it('returns settings or throws a ConfigError of one line a problem, whatever the environment', () => {
    fc.assert(
      fc.property(env, (given) => {
        try {
          expect(Object.isFrozen(loadConfig(given))).toBe(true)
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error
          const [, ...lines] = error.message.replace(/^Bad configuration: /, 'x\n').split('\n')
          const names = lines.map((line) => line.trim().split(/[.:]/)[0])
          expect(CONFIG_NAMES).toEqual(expect.arrayContaining(names))
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('takes no number out of its bounds', () => {
    fc.assert(
      fc.property(value, (text) => {
        expect(within(read('PORT', text), [0, 65_535])).toBe(true)
        expect(within(read('REQUEST_TIMEOUT_SECONDS', text), [Number.MIN_VALUE, 250])).toBe(true)
        expect(within(read('MAX_TEXTS', text), [1, Number.MAX_SAFE_INTEGER])).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('parseRedisUrl', () => {
  const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
  const host = fc.oneof(fc.domain(), fc.ipV4())

  it('gives back the user, password, port and database that were encoded into it', () => {
    fc.assert(
      fc.property(host, fc.nat(65_535), fc.tuple(text, text), (name, port, [user, word]) => {
        const access = `${encodeURIComponent(user)}:${encodeURIComponent(word)}`
        const { type, options } = parseRedisUrl(`redis://${access}@${name}:${port}/${port % 16}`)
        expect(type).toBe('single')
        expect(options).toMatchObject({ username: user, password: word, port, db: port % 16 })
        expect(isIP(name) ? options : { host: name }).toMatchObject({ host: name })
      }),
      { numRuns: 300 },
    )
  })

  it('throws a TypeError that quotes nothing, or returns an address', () => {
    const anything = fc.tuple(
      fc.constantFrom('', 'redis://', 'rediss://', 'redis+sentinel://', 'unix:///', 'redis:'),
      fc.string({ unit: fc.constantFrom(...'/@:,?#%[]Q 1'), maxLength: 20 }),
    )
    fc.assert(
      fc.property(anything, ([scheme, rest]) => {
        try {
          expect(['single', 'cluster']).toContain(parseRedisUrl(scheme + rest).type)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
          expect(String(error)).not.toContain('Q')
        }
      }),
      { numRuns: 1000 },
    )
  })
})
