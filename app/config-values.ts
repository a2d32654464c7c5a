import { z } from 'zod'
import { parseRedisUrl } from './redis-url.ts'

/** A value as a message may repeat it: in quotes, on one line, and not endless. */
const shown = (value: unknown) => {
  const text = String(value)
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}

/** A string that is read as something else. What can't be read is refused, and repeated. */
function read<T>(what: string, parse: (text: string) => T | undefined) {
  return z.string().transform((text, context) => {
    const value = parse(text.trim())
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: `${shown(text)} is not ${what}` })
    return z.NEVER
  })
}

interface Bounds {
  readonly least: number
  readonly most?: number
}

/** A blank is no number, though JavaScript takes it for 0. */
function number(what: string, fits: (value: number) => boolean) {
  return read(what, (text) => {
    const value = text === '' ? Number.NaN : Number(text)
    return fits(value) ? value : undefined
  })
}

/** A whole number within bounds. */
export function whole({ least, most = Number.MAX_SAFE_INTEGER }: Bounds) {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `${least} to ${most}`
  const what = `a whole number ${most === Number.MAX_SAFE_INTEGER ? '' : 'from '}${range}`
  return number(what, (value) => Number.isInteger(value) && value >= least && value <= most)
}

export const count = (least = 1) => whole({ least })
export const port = whole({ least: 0, most: 65_535 })

/** Seconds up to `most`, with or without a fraction; 0 only where it is said. */
export function seconds(most: number, { zero } = { zero: false }) {
  const what = `a number of seconds ${zero ? 'from 0' : 'above 0 and'} up to ${most}`
  return number(what, (value) => (zero ? value >= 0 : value > 0) && value <= most)
}

/** One of some words. */
export function word<const Words extends readonly string[]>(...words: Words) {
  return z.enum(words, { error: ({ input }) => `${shown(input)} is none of ${words.join(', ')}` })
}

export const bool = z.stringbool({
  error: ({ input }) => `${shown(input)} is neither true nor false`,
})

/**
 * A comma-separated list; an empty name is left out. One that is set must name something: as an
 * empty one it would quietly switch off what it was meant to switch on.
 */
function list<T>(
  parse: (item: string) => T | undefined,
  complaint: (item: string, place: number) => string,
) {
  return z.string().transform((text, context) => {
    const items = text.split(',').map((item) => item.trim())
    const values = items.filter((item) => item !== '').map((item) => ({ item, value: parse(item) }))
    const refuse = (message: string) => context.addIssue({ code: 'custom', message })
    if (values.length === 0) refuse('is set, but names nothing: leave it out, or complete it')
    for (const [index, { item, value }] of values.entries()) {
      if (value === undefined) refuse(complaint(item, index + 1))
    }
    return values.flatMap(({ value }) => value ?? [])
  })
}

/** SHA-256 digests, lower case. None is repeated: somebody may have put the key itself there. */
export const apiKeys = list(
  (item) => (/^[0-9a-f]{64}$/i.test(item) ? item.toLowerCase() : undefined),
  (_, place) =>
    `number ${place} is no SHA-256 digest of 64 hex digits, as printf %s "$KEY" | sha256sum writes`,
)

/** Origins as browsers send them, or `*` for all of them. */
export const origins = list(toOrigin, (item) => {
  const what = item.includes('@') ? 'one of them' : shown(item)
  return `${what} is no origin: scheme://host or scheme://host:port, and nothing after it`
}).refine((all) => !all.includes('*') || all.length === 1, '* stands for all: name no other')

function toOrigin(text: string): string | undefined {
  if (text === '*') return text
  const origin = text.toLowerCase()
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]+$/.test(origin)) return undefined
  // Browsers leave a default port out. Schemes of apps have no `origin`.
  return /^https?:/.test(origin) ? URL.parse(origin)?.origin : origin
}

const isHttp = (url: string) => /^https?:\/\/\S+$/i.test(url) && URL.canParse(url)

/** Never repeated, as every URL here: it may hold a password. */
export const httpUrl = z
  .string()
  .refine(isHttp, 'must be a URL that starts with http:// or https://, and can be read as one')

export const upstashUrl = httpUrl.refine((url) => !URL.parse(url)?.href.includes('@'), {
  error: 'must name no user and password: the token goes into UPSTASH_REDIS_REST_TOKEN',
})

/** It travels in a header, and an error of the header's own would repeat it. */
export const token = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without blanks')

export const redisUrl = z.string().superRefine((url, context) => {
  try {
    parseRedisUrl(url)
  } catch (error) {
    const message = error instanceof TypeError ? error.message : 'can’t be read'
    context.addIssue({ code: 'custom', message })
  }
})
