import { z } from 'zod'
import { parseNetwork } from './ip-address.ts'
import { DIGEST_OF_NOTHING } from './key-file.ts'
import { parseRedisUrl } from './redis-url.ts'
import { FOREIGN_DIALECTS } from './telemetry/labels.ts'

const NO_DIALECT = 'none'

/** A value as error messages quote it: on one line, cut after 60 characters. */
const quoted = (value: unknown) => {
  const text = String(value)
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}

/** Parses a string. The error for one that `parse` does not accept quotes it. */
function read<T>(what: string, parse: (text: string) => T | undefined) {
  return z.string().transform((text, context) => {
    const value = parse(text.trim())
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: `${quoted(text)} is not ${what}` })
    return z.NEVER
  })
}

interface Bounds {
  readonly least: number
  readonly most?: number
}

/** A blank string is not a number, though JavaScript converts it to 0. */
function number(what: string, fits: (value: number) => boolean) {
  return read(what, (text) => {
    const value = text === '' ? Number.NaN : Number(text)
    return fits(value) ? value : undefined
  })
}

/** An integer within bounds. */
export function whole({ least, most = Number.MAX_SAFE_INTEGER }: Bounds) {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `${least} to ${most}`
  const what = `a whole number ${most === Number.MAX_SAFE_INTEGER ? '' : 'from '}${range}`
  return number(what, (value) => Number.isInteger(value) && value >= least && value <= most)
}

export const count = (least = 1) => whole({ least })
export const port = whole({ least: 0, most: 65_535 })

/** Seconds up to `most`, fractions allowed; 0 only with `zero`. */
export function seconds(most: number, { zero } = { zero: false }) {
  const what = `a number of seconds ${zero ? 'from 0' : 'above 0 and'} up to ${most}`
  return number(what, (value) => (zero ? value >= 0 : value > 0) && value <= most)
}

export const share = number('a share from 0 to 1', (value) => value >= 0 && value <= 1)

/** One of a fixed set of words. */
export function word<const Words extends readonly string[]>(...words: Words) {
  return z.enum(words, { error: ({ input }) => `${quoted(input)} is none of ${words.join(', ')}` })
}

export const bool = z.stringbool({
  error: ({ input }) => `${quoted(input)} is neither true nor false`,
})

/**
 * A comma-separated list; empty items are ignored. A list without items is an error: it would
 * silently disable what it was set to enable.
 */
function list<T>(
  parse: (item: string) => T | undefined,
  errorFor: (item: string, position: number) => string,
) {
  return z.string().transform((text, context) => {
    const items = text.split(',').map((item) => item.trim())
    const values = items.filter((item) => item !== '').map((item) => ({ item, value: parse(item) }))
    const fail = (message: string) => context.addIssue({ code: 'custom', message })
    if (values.length === 0) fail('is set but has no items: unset it, or add one')
    for (const [index, { item, value }] of values.entries()) {
      if (value === undefined) fail(errorFor(item, index + 1))
    }
    return values.flatMap(({ value }) => value ?? [])
  })
}

/** SHA-256 digests in hex, lower case. Errors quote none: it may be the key itself by mistake. */
export const apiKeys = list(
  (item) => (/^[0-9a-f]{64}$/i.test(item) ? item.toLowerCase() : undefined),
  (_, position) =>
    `item ${position} is not a SHA-256 digest of 64 hex digits, as printf %s "$KEY" | sha256sum prints`,
).refine((digests) => !digests.includes(DIGEST_OF_NOTHING), 'has the digest of an empty key')

/** Addresses, and networks in CIDR notation. One of all addresses would believe everybody. */
export const networks = list(
  parseNetwork,
  (item) => `${quoted(item)} is not an IP address or a network like 10.0.0.0/8, which is not /0`,
)

/** Origins as browsers send them, or `*` for all. */
export const origins = list(toOrigin, (item) => {
  const what = item.includes('@') ? 'an item' : quoted(item)
  return `${what} is not an origin: it must be scheme://host or scheme://host:port, without a path`
}).refine((all) => !all.includes('*') || all.length === 1, '* allows every origin: list no others')

function toOrigin(text: string): string | undefined {
  if (text === '*') return text
  const origin = text.toLowerCase()
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]+$/.test(origin)) return undefined
  // Browsers omit a default port. `URL` has no origin for the schemes of apps.
  return /^https?:/.test(origin) ? URL.parse(origin)?.origin : origin
}

const isHttp = (url: string) => /^https?:\/\/\S+$/i.test(url) && URL.canParse(url)

/** Errors quote no URL: it may hold a password. */
export const httpUrl = z
  .string()
  .refine(isHttp, 'must be a valid URL that starts with http:// or https://')

export const upstashUrl = httpUrl.refine((url) => !URL.parse(url)?.href.includes('@'), {
  error: 'must not hold a user or password: the token goes into UPSTASH_REDIS_REST_TOKEN',
})

/** Dialects beside the service's own, or `none`. */
export const dialects = list(
  (item) => [...FOREIGN_DIALECTS, NO_DIALECT].find((name) => name === item),
  (item) => `${quoted(item)} is none of ${FOREIGN_DIALECTS.join(', ')} and ${NO_DIALECT}`,
)
  .refine((names) => !names.includes(NO_DIALECT) || names.length === 1, 'none stands alone')
  .transform((names) => names.filter((name) => name !== NO_DIALECT))

/** Sent in a header. Checked here, because the error for an invalid header would quote it. */
export const token = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')

export const redisUrl = z.string().superRefine((url, context) => {
  try {
    parseRedisUrl(url)
  } catch (error) {
    const message = error instanceof TypeError ? error.message : 'is not a valid Redis URL'
    context.addIssue({ code: 'custom', message })
  }
})
