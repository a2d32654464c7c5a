import type { Context } from 'hono'
import type { ApiKeys } from '../api-keys.ts'
import { AppError } from '../errors.ts'
import type { ClientAddress } from './client-address.ts'
import type { RequestEnv } from './request-env.ts'

/**
 * A function that returns the caller's identity: the name of its API key if keys are required, else
 * its address. Throws `unauthorized` if no key was sent that is known.
 */
export function authenticate(
  c: Context<RequestEnv>,
  keys: ApiKeys,
  addressOf: ClientAddress,
): () => string {
  if (!keys.required) return () => addressOf(c)
  const sent = sentKeys(c)
  for (const key of sent) {
    const name = keys.nameOf(key)
    if (name === undefined) continue
    c.set('key', name)
    return () => `key:${name}`
  }
  throw unauthorized(sent.length > 0)
}

/** One known key is enough: an old one in a client's settings hides no good one beside it. */
function sentKeys(c: Context): readonly string[] {
  const bearer = /^Bearer +(.+)$/i.exec(c.req.header('authorization') ?? '')
  return [bearer?.[1], c.req.header('x-api-key')].flatMap((key) => key || [])
}

/** RFC 6750: an error only for who sent a key, as others may not know that one is needed. */
function unauthorized(sent: boolean): AppError {
  const message = sent
    ? 'This API key is not known here.'
    : 'Send a known key as "Authorization: Bearer" or "X-API-Key".'
  const challenge = `Bearer realm="polarity"${sent ? ', error="invalid_token"' : ''}`
  return new AppError('unauthorized', message, { headers: { 'WWW-Authenticate': challenge } })
}
