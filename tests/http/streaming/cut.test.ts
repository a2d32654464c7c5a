import { parse as parseCsv } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Classify } from '../../../app/classifier/classify.ts'
import { AppError } from '../../../app/errors.ts'
import { answerTo, createTestApp } from '../../fakes.ts'
import { parse, parseSummary, send } from './stream.ts'

const line = fc.constantFrom(
  '"I love it"',
  '{"text":"é 😀 漢字","id":"a"}',
  '{"text":"b","id":7}',
  '',
  '   ',
  '"',
  '""',
  '[1]',
  'x'.repeat(300),
)
const record = fc.constantFrom(
  'a,1',
  '"a ""b""\n\r\nc",1',
  '"é 😀",\u0000',
  'a',
  '',
  ',',
  '"a"b,1',
  'a"b,"',
  '5" disk,2',
  '"\r",1',
)
const manyOf = (one: fc.Arbitrary<string>) =>
  fc
    .array(fc.tuple(one, fc.constantFrom('\n', '\r\n')), { maxLength: 12 })
    .map((rows) => rows.map(([text, end]) => text + end).join(''))
const BODIES = {
  'application/x-ndjson': fc.tuple(fc.constantFrom('', '\ufeff'), manyOf(line)),
  'text/csv': fc.tuple(fc.constantFrom('text,n\n', '\ufeff"text","n"\r\n'), manyOf(record)),
}
const TYPES = ['application/x-ndjson', 'text/csv'] as const
type Type = (typeof TYPES)[number]
const headerOf = (type: Type) => (type === 'text/csv' ? [Buffer.from('text,n\n')] : [])
const cuts = fc.array(fc.nat(400), { maxLength: 30 })

function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  )
  return sorted.map((place, i) => bytes.subarray(place, sorted[i + 1] ?? bytes.length))
}

const ENV = { MAX_CHARS: '20' }
const app = createTestApp({}, ENV)

/** What becomes of a body that is sent in these pieces: its rows, and the summary behind them. */
async function rowsOf(type: Type, pieces: readonly Uint8Array[], { from = app, query = '' } = {}) {
  const answer = await (await send(from, pieces, { type, query })).text()
  if (type !== 'text/csv') return parse(answer)
  const rows: Record<string, string>[] = parseCsv(answer, { columns: true })
  const { summary = '' } = rows.pop() ?? {}
  return { rows, summary: parseSummary(summary) }
}

/** An app that refuses the texts of its n-th question, and all after it. */
function breakingApp(n: number) {
  let questions = 0
  const headers = { 'Retry-After': '3600' }
  const classify: Classify = async (texts) => {
    if (questions++ >= n) throw new AppError('overloaded', 'Too much.', { headers })
    return texts.map(answerTo)
  }
  return createTestApp({ classify }, ENV)
}

describe.each(TYPES)('rows of %s', (type) => {
  const body = BODIES[type].map((parts) => new Uint8Array(Buffer.from(parts.join(''))))

  it('are the same, however they are cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(body, cuts, async (bytes, places) => {
        const whole = await rowsOf(type, [bytes])
        const cut = await rowsOf(type, cutAt(bytes, places))
        expect(cut.rows).toEqual(whole.rows)
      }),
    )
  })

  it('are the same with those of a second request, which goes on where the first one was ended', async () => {
    await fc.assert(
      fc.asyncProperty(body, cuts, fc.nat(6), async (bytes, places, n) => {
        const whole = await rowsOf(type, [bytes])
        const response = await rowsOf(type, cutAt(bytes, places), { from: breakingApp(n) }).catch(
          () => undefined, // Before the first row it is an ordinary error.
        )
        const next = response?.summary.next
        if (!next) return
        const rest = [...headerOf(type), bytes.subarray(next.byte)]
        const resumed = await rowsOf(type, rest, { query: `?line=${next.line}` })
        expect([...response.rows, ...resumed.rows]).toEqual(whole.rows)
        expect(resumed.summary.complete).toBe(true)
      }),
    )
  })
})
