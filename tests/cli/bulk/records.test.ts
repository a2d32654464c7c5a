import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRecords, type TableRecord } from '../../../cli/bulk/records.ts'
import { START } from '../../../cli/bulk/row.ts'
import { rejection } from '../../rejection.ts'
import { classifyBytes } from './run.ts'

const csv = (text: string) => ({ name: 'in.csv', bytes: `id,text\n${text}` })
const HEAD = 'id,text,label,score,truncated,error\n'

describe('the records of a table', () => {
  it('may end in CR, as on the old Macintosh', async () => {
    const { output } = await classifyBytes({ name: 'in.csv', bytes: 'id,text\r1,no\r2,love' })
    expect(output).toBe(`${HEAD}1,no,NEGATIVE,0.800000,,\n2,love,POSITIVE,0.900000,,\n`)
  })

  it('may have another character between their cells, a tab among them', async () => {
    const bytes = 'id|text\n1|"a|b"\n'
    const { output } = await classifyBytes({ name: 'in.csv', bytes, delimiter: '|' })
    expect(output).toBe(`${HEAD}1,a|b,NEGATIVE,0.800000,,\n`)
    const tabs = await classifyBytes({
      ...{ name: 'in.csv', bytes: 'id\ttext\n1\tno\n', delimiter: '\\t' },
    })
    expect(tabs.output).toBe(`${HEAD}1,no,NEGATIVE,0.800000,,\n`)
  })

  it.each(['||', '"', '\n', '¦', ''])('can’t have %o between their cells', async (delimiter) => {
    const error = await rejection(classifyBytes({ ...csv('1,no\n'), delimiter }))
    expect(error).toMatchObject({ name: 'UsageError' })
  })

  it('may be too long: the beginning is kept, and the next line read', async () => {
    const long = `1,${'a'.repeat(3_000_000)}`
    const { output } = await classifyBytes(csv(`${long}\n2,no\n`))
    const lines = output.split('\n').map((line) => line.replace(/a{9,}/, 'a…'))
    expect(lines).toEqual([HEAD.trimEnd(), '"1,a…",,,,,too_long', '2,no,NEGATIVE,0.800000,,', ''])
  })

  it('are given up by the line where a quote is not closed within what a record may have', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => `${i},${'b'.repeat(3000)}\n`).join('')
    const { counts } = await classifyBytes(csv(`7,"a\n${rows}8,"a\n9,no\n`))
    expect(counts).toMatchObject({ rows: 403, errors: { unclosed_quote: 2 } })
  })

  it('are the same wherever the bytes are cut', () =>
    fc.assert(
      fc.asyncProperty(bytes, fc.array(fc.nat(60), { maxLength: 8 }), async (text, cuts) => {
        expect(await recordsOf(cutAt(text, cuts))).toEqual(await recordsOf([text]))
      }),
    ))

  it('may be read from each of them on', () =>
    fc.assert(
      fc.asyncProperty(bytes, async (text) => {
        const all = await recordsOf([text])
        for (const [i, { next }] of all.entries()) {
          expect(await recordsOf([text.subarray(next.offset)], next)).toEqual(all.slice(i + 1))
        }
      }),
    ))
})

const bytes = fc
  .string({ unit: fc.constantFrom('a', '"', '\n', '\r\n', ',', 'ä', '\0'), maxLength: 60 })
  .map((text) => Buffer.from(text))

function cutAt(text: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [0, ...cuts.toSorted((a, b) => a - b), text.length]
  return places.map((place, i) => text.subarray(place, places[i + 1]))
}

async function recordsOf(chunks: readonly Buffer[], from = START): Promise<TableRecord[]> {
  const records: TableRecord[] = []
  for await (const record of readRecords(arriving(chunks), { delimiter: ',', from }))
    records.push(record)
  return records
}

async function* arriving(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks
}
