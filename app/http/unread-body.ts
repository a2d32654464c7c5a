import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { RequestEnv } from './request-env.ts'

/** How much of an unread body is read on after the answer, and for how long. */
const MOST_BYTES = 33_554_432
const MOST_MS = 5000

/**
 * Closes the connection of a request that is answered before its body was read, and lingers: closed
 * at once, it would be reset, and a client that still writes would lose the answer.
 */
export const closeUnread = createMiddleware<RequestEnv>(async (c, next) => {
  await next()
  if (c.get('bodyRead') || !announcesBody(c)) return
  const { raw } = c.req
  const unread = raw.bodyUsed || c.req.method === 'HEAD' ? null : raw.body
  if (unread && !unread.locked) {
    const { res } = c
    c.res = undefined // Or its headers would be merged into the new one's.
    c.res = new Response(lingering(await res.bytes(), unread), res)
  }
  c.header('Connection', 'close')
})

function announcesBody(c: Context): boolean {
  const length = c.req.header('content-length')
  return (
    (length !== undefined && Number(length) !== 0) || Boolean(c.req.header('transfer-encoding'))
  )
}

/** The answer, which ends when the request's body does, or enough of it has been discarded. */
function lingering(answer: Uint8Array, unread: ReadableStream<Uint8Array>) {
  return new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(answer)
      await discard(unread).catch(() => undefined) // The client has gone.
      controller.close()
    },
  })
}

async function discard(body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader()
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), MOST_MS)
  let left = MOST_BYTES
  try {
    while (left > 0) {
      const { done, value } = await reader.read()
      if (done) return
      left -= value.byteLength
    }
    await reader.cancel()
  } finally {
    clearTimeout(timer)
  }
}
