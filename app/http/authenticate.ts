import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { AppError } from '../errors.ts'
import type { RequestEnv } from './request-env.ts'

/**
 * A function that returns the caller's identity: the digest of its API key if `keys` has any, else
 * its remote address. `keys` are SHA-256 digests in lower-case hex. Throws `unauthorized` if the key
 * is missing or unknown.
 */
export function authenticate(c: Context<RequestEnv>, keys: ReadonlySet<string>): () => string {
  if (keys.size === 0) return () => c.env?.remoteAddress?.() ?? 'unknown'
  const digest = createHash('sha256').update(presentedKey(c)).digest('hex')
  if (keys.has(digest)) return () => digest
  throw new AppError(
    'unauthorized',
    'Send a known key as "Authorization: Bearer" or "X-API-Key".',
    {
      headers: { 'WWW-Authenticate': 'Bearer' },
    },
  )
}

function presentedKey(c: Context): string {
  const bearer = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')
  return bearer?.[1] ?? c.req.header('x-api-key') ?? ''
}
