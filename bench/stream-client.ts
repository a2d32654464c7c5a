import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'

const Summary = z.object({
  summary: z.object({
    rows: z.number(),
    errors: z.number(),
    cached: z.number(),
    complete: z.boolean(),
  }),
})

/** Bytes that are written at once: the rows of some windows. */
const PIECE_BYTES = 65_536

/**
 * Sends rows as NDJSON in one request, and reads the answer meanwhile. Rejects unless every row has a
 * prediction that no cache had.
 */
export async function sendRows(url: string, rows: Iterable<string>): Promise<number> {
  const headers = { 'content-type': 'application/x-ndjson' }
  const sent = request(`${url}/predict`, { method: 'POST', headers })
  const answered = once(sent, 'response').then(([response]: IncomingMessage[]) => readEnd(response))
  await Promise.all([pipeline(pieces(rows), sent), answered])
  const { summary } = Summary.parse(JSON.parse(await answered))
  const { errors, cached, complete } = summary
  if (!complete || errors + cached > 0) throw new Error(`Not all answered: ${await answered}`)
  return summary.rows
}

function* pieces(rows: Iterable<string>): Generator<string> {
  let piece = ''
  for (const row of rows) {
    piece += `${JSON.stringify(row)}\n`
    if (piece.length < PIECE_BYTES) continue
    yield piece
    piece = ''
  }
  yield piece
}

/** The last line of an answer. */
async function readEnd(response: IncomingMessage | undefined): Promise<string> {
  let last = ''
  response?.setEncoding('utf8')
  for await (const chunk of response ?? []) {
    const lines = `${last}${chunk}`.trimEnd().split('\n')
    last = lines.at(-1) ?? ''
  }
  return last
}
