import { type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'

/** More than a summary has. */
const LAST_CHARS = 2000

/** A stream of rows as it went. */
export interface Streamed {
  /** 0: no answer. */
  readonly status: number
  /** The last characters of the answer. */
  readonly end: string
}

interface Sending {
  readonly headers: Record<string, string>
  /** What is sent; without an end if the last piece is not to be the end. */
  readonly pieces: Iterable<string | Buffer> | AsyncIterable<string>
  readonly ends?: boolean
  /** Whether the answer is read. */
  readonly reads?: boolean
}

/** One stream from a hostile client: `ended` never rejects. */
export function openStream(url: string, sending: Sending) {
  const { headers, pieces, ends = true, reads = true } = sending
  const sent = request(`${url}/predict`, { method: 'POST', headers, agent: false })
  const ended = new Promise<Streamed>((resolve) => {
    const none = () => resolve({ status: 0, end: '' })
    sent.on('error', none).on('response', (response) => {
      if (reads) void read(response).then(resolve)
      else response.on('close', none).on('error', none)
    })
  })
  Readable.from(pieces).pipe(sent, { end: ends })
  return { ended, leave: () => void sent.destroy() }
}

async function read(response: IncomingMessage): Promise<Streamed> {
  let text = ''
  response.setEncoding('utf8')
  try {
    for await (const chunk of response) {
      text = (text + chunk).slice(-LAST_CHARS)
    }
  } catch {
    // Cut off: what came is what counts.
  }
  return { status: response.statusCode ?? 0, end: text }
}
