import { once } from 'node:events'
import { createConnection } from 'node:net'

/** Types of HTTP/2's frames (RFC 9113, section 6). */
export const DATA = 0
export const HEADERS = 1
export const SETTINGS = 4
export const PING = 6
export const CONTINUATION = 9

export const END_HEADERS = 4

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'

interface Frame {
  readonly type: number
  readonly flags?: number
  readonly stream?: number
  readonly payload?: Buffer
}

/** A frame as it is sent. */
export function toFrame({ type, flags = 0, stream = 0, payload = Buffer.alloc(0) }: Frame): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** A header that is not indexed, with a name of its own (RFC 7541, section 6.2.2); below 127 bytes each. */
export const toHeader = (name: string, value: string): Buffer =>
  Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ])

/** The headers of a request. */
export const toHeaders = (path: string, others: Record<string, string> = {}): Buffer =>
  Buffer.concat(
    Object.entries({
      ':method': 'POST',
      ':scheme': 'http',
      ':path': path,
      ':authority': 'localhost',
      'content-type': 'application/grpc',
      ...others,
    }).map(([name, value]) => toHeader(name, value)),
  )

/**
 * Opens a connection of HTTP/2 and sends the same bytes again and again, until it is ended by the other
 * side or so many bytes were sent. Nothing is read.
 */
export async function flood(
  target: URL,
  { first = Buffer.alloc(0), again, bytes }: { first?: Buffer; again: Buffer; bytes: number },
): Promise<{ readonly cut: boolean; close(): void }> {
  const socket = createConnection({ host: target.hostname, port: Number(target.port) })
  let cut = false
  socket
    .on('error', () => undefined)
    .on('close', () => {
      cut = true
    })
  socket.resume()
  await once(socket, 'connect')
  socket.write(Buffer.concat([Buffer.from(PREFACE), toFrame({ type: SETTINGS }), first]))
  for (let sent = 0; sent < bytes && !cut; sent += again.length) {
    if (!socket.write(again)) await Promise.race([once(socket, 'drain'), once(socket, 'close')])
  }
  return {
    get cut() {
      return cut
    },
    close: () => socket.destroy(),
  }
}
