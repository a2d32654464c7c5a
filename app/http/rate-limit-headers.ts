import type { Context } from 'hono'
import type { RequestEnv } from './request-env.ts'

const MINUTE = 60

/**
 * `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10) of a request that the
 * rate limit has counted: `r` texts are left, and in `t` seconds there are `q` again.
 */
export function rateLimitHeaders(c: Context<RequestEnv>): Record<string, string> {
  const quota = c.get('quota')
  if (!quota) return {}
  const { textsPerMinute, left } = quota
  const seconds = Math.ceil(((textsPerMinute - left) / textsPerMinute) * MINUTE)
  return {
    'ratelimit-policy': `"texts";q=${textsPerMinute};w=${MINUTE}`,
    ratelimit: `"texts";r=${Math.max(0, Math.floor(left))};t=${Math.max(0, seconds)}`,
  }
}
