import type { Context } from 'hono'
import type { RefusalOf } from '../classifier/classify.ts'

/** Below this a body costs less than its request; and it may be a cache hit, which no queue holds up. */
const LARGE_BYTES = 16_384
/** No body of so many bytes holds fewer tokens, unless it is escaped: a sixth of it is text at least. */
const BYTES_PER_TOKEN = 24
const BYTES_PER_CHAR = 6

/**
 * Throws `overloaded` for a large body, before it is read, if the queue has just refused its caller
 * for no more than that.
 */
export function refuseEarly(
  c: Context,
  caller: () => string,
  refusalOf: RefusalOf = () => undefined,
): void {
  const bytes = Number(c.req.header('content-length') ?? 0)
  if (!(bytes >= LARGE_BYTES)) return
  const least = { tokens: bytes / BYTES_PER_TOKEN, chars: bytes / BYTES_PER_CHAR }
  const refusal = refusalOf(caller(), least)
  if (refusal) throw refusal
}
