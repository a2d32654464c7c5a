import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { COMPRESS, type Coding, codingFor } from './accept-encoding.ts'

/** Shorter answers are sent as they are: they fit in one packet or two. */
const LARGE_CHARS = 2048
/** The same of assets, which are compressed once. */
const LARGE_ASSET_CHARS = 512

/** An answer that is the same for all: with an ETag, and compressed once for each coding. */
export interface Asset {
  answer(c: Context): Promise<Response>
}

/** `type` is its Content-Type. */
export function createAsset(body: string, type: string): Asset {
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 22)
  const headers = {
    'content-type': type,
    // Weak, as it stands for the same in every coding.
    etag: `W/"${digest}"`,
    // Kept by browsers, and asked for again: a name outlives a version.
    'cache-control': 'no-cache',
    vary: 'Accept-Encoding',
  }
  const compressed = new Map<Coding, ReturnType<(typeof COMPRESS)[Coding]>>()
  const bytesIn = (coding: Coding) => {
    const known = compressed.get(coding) ?? COMPRESS[coding](body)
    compressed.set(coding, known)
    return known
  }

  return {
    async answer(c) {
      if (matches(c.req.header('if-none-match'), digest)) return c.body(null, 304, headers)
      const coding =
        body.length < LARGE_ASSET_CHARS ? undefined : codingFor(c.req.header('accept-encoding'))
      if (!coding) return c.body(body, 200, headers)
      return c.body(await bytesIn(coding), 200, { ...headers, 'content-encoding': coding })
    },
  }
}

function matches(ifNoneMatch: string | undefined, digest: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return Boolean(tags?.some((tag) => tag === '*' || tag === `"${digest}"`))
}

/**
 * An answer to one request, compressed as its client likes best if it is large. `headers` are those of
 * the plain one: both servers send a plain record faster than those set by `c.header`.
 */
export function answerWith(
  c: Context,
  body: string,
  headers: Readonly<Record<string, string>>,
): Response | Promise<Response> {
  if (body.length < LARGE_CHARS) return new Response(body, { headers })
  const coding = codingFor(c.req.header('accept-encoding'))
  const all = { ...headers, vary: 'Accept-Encoding' }
  return coding ? inCoding(body, coding, all) : new Response(body, { headers: all })
}

async function inCoding(body: string, coding: Coding, headers: Readonly<Record<string, string>>) {
  const bytes = await COMPRESS[coding](body)
  return new Response(bytes, { headers: { ...headers, 'content-encoding': coding } })
}
