import type { ReadableStreamDefaultReader } from 'node:stream/web'
import type { Context } from 'hono'

/** How much of an unread body is read on after the answer, and for how long. */
const MOST_BYTES = 33_554_432
const MOST_MS = 5000
const MOST_IDLE_MS = 1000

/** Reading on costs time that other requests want: in a flood the rest are closed at once. */
const MOST_LINGERING = 16

/**
 * A function that closes the connection of a request which is answered before its body was read, and
 * lingers: closed at once, it would be reset, and a client that still writes would lose the answer.
 */
export function createUnreadCloser(): (c: Context) => Promise<void> {
  let lingering = 0
  const discard = async (body: ReadableStream<Uint8Array>) => {
    lingering++
    await discardFrom(body.getReader()).catch(() => undefined) // The client has gone.
    lingering--
  }

  return async (c) => {
    const { raw } = c.req
    const unread = raw.bodyUsed || c.req.method === 'HEAD' ? null : raw.body
    if (unread && !unread.locked && lingering < MOST_LINGERING) {
      const { status, headers } = c.res
      const answer = new Uint8Array(await c.res.arrayBuffer())
      c.res = undefined // Or its headers would be merged into the new one's.
      headers.set('content-length', String(answer.byteLength))
      const body = await whileReadingOn(c, answer, () => discard(unread))
      c.res = new Response(body, { status, headers })
    }
    c.header('Connection', 'close')
  }
}

export function announcesBody(c: Context): boolean {
  const length = c.req.header('content-length')
  return (
    (length !== undefined && Number(length) !== 0) || Boolean(c.req.header('transfer-encoding'))
  )
}

/** The answer, which ends when the request's body does, or enough of it has been discarded. */
async function whileReadingOn(
  c: Context,
  answer: Uint8Array<ArrayBuffer>,
  discard: () => Promise<void>,
) {
  if (c.req.header('transfer-encoding')) {
    // Bun may answer a chunked body itself, for its trailers, as long as no other answer has begun.
    await discard()
    return answer
  }
  return new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(answer)
      await discard()
      controller.close()
    },
  })
}

/** Reads the rest of a body and throws it away, within the bounds above. */
export async function discardFrom(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const stop = () => void reader.cancel().catch(() => undefined)
  const overall = setTimeout(stop, MOST_MS)
  const idle = setTimeout(stop, MOST_IDLE_MS)
  try {
    for (let left = MOST_BYTES; left > 0; ) {
      const { done, value } = await reader.read()
      if (done) return
      left -= value.byteLength
      idle.refresh()
    }
    stop()
  } finally {
    clearTimeout(overall)
    clearTimeout(idle)
  }
}
