import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toBreakdown } from '../../../cli/bulk/breakdown.ts'
import { Counts, countRow, mergeCounts, noCounts } from '../../../cli/bulk/counts.ts'
import { MAX_VALUES } from '../../../cli/bulk/group.ts'
import type { Answered } from '../../../cli/bulk/outcome.ts'
import { toOutcome } from '../../../cli/bulk/outcome.ts'
import { START } from '../../../cli/bulk/row.ts'
import { LABELS } from '../../fakes.ts'

interface Seen {
  readonly text: string
  readonly value: string
  readonly line: number
}

/** A score that depends on the text alone, as a model's does. */
const positiveOf = (text: string) =>
  ([...text].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1009) / 1009

function answered({ text, line }: Seen): Answered {
  const positive = positiveOf(text)
  const row = { line, next: START, fields: [], text }
  const scores = [1 - positive, positive]
  return {
    row: text === '' ? { ...row, error: 'blank' } : row,
    outcome:
      text === '' ? undefined : toOutcome(LABELS, { scores, truncated: false, source: 'model' }),
  }
}

const WANTED: Parameters<typeof noCounts>[1] = {
  columns: ['date'],
  show: true,
  unsure: [0.25, 0.75],
}

function countAll(rows: readonly Seen[]): Counts {
  const counts = noCounts(LABELS, WANTED)
  for (const row of rows) countRow(counts, answered(row), { input: 'in.csv', values: [row.value] })
  return counts
}

const texts = fc.array(
  fc.record({
    text: fc.string({ unit: fc.constantFrom('a', 'b', 'ä', '\ud83d', ' '), maxLength: 3 }),
    value: fc.constantFrom('2024-03-05', '2024-04', 'n/a', '', '__proto__', '3/4/2024'),
  }),
  { minLength: 1, maxLength: 400 },
)

const numbered = (rows: readonly { text: string; value: string }[]): readonly Seen[] =>
  rows.map((row, i) => ({ ...row, line: i + 1 }))

const thawed = (counts: Counts) => Counts.parse(JSON.parse(JSON.stringify(counts)))

describe('counts', () => {
  it('are the same whatever the order of the rows and however they were divided', () => {
    fc.assert(
      fc.property(texts, fc.nat(400), fc.boolean(), (rows, cut, turned) => {
        const all = numbered(rows)
        const parts = [all.slice(0, cut), all.slice(cut).toReversed()].map(countAll)
        const [a = noCounts(LABELS, WANTED), b = noCounts(LABELS, WANTED)] = turned
          ? parts.toReversed()
          : parts
        expect(mergeCounts(a, b)).toEqual(countAll(all))
      }),
    )
  })

  it('go on from what they were in a file', () => {
    fc.assert(
      fc.property(texts, fc.nat(400), (rows, cut) => {
        const all = numbered(rows)
        const counts = thawed(countAll(all.slice(0, cut)))
        for (const row of all.slice(cut))
          countRow(counts, answered(row), { input: 'in.csv', values: [row.value] })
        expect(counts).toEqual(countAll(all))
      }),
    )
  })

  it('show each text once, with the rows that have it', () => {
    const counts = countAll(numbered(Array(5).fill({ text: 'aa', value: '' })))
    const shown = counts.shown?.[positiveOf('aa') > 0.5 ? 'highest' : 'lowest']
    expect(shown).toMatchObject([{ text: 'aa', rows: 5, line: 1 }])
  })

  it('keep of each list its first rows alone', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({ text: `text ${i}`, value: '' }))
    const { shown } = countAll(numbered(rows))
    expect([shown?.highest.length, shown?.sample.length]).toEqual([100, 1000])
    const scores = rows
      .map(({ text }) => Math.round(positiveOf(text) * 1e6))
      .toSorted((a, b) => b - a)
    expect(shown?.highest.map(({ lastScore }) => lastScore)).toEqual(scores.slice(0, 100))
  })

  it('cut long texts and values, and count those that begin alike as one value', () => {
    const value = (end: string) => ` ${'v'.repeat(300)}${end}`
    const counts = countAll([
      { text: 'a'.repeat(2000), value: value('1'), line: 1 },
      { text: 'b', value: value('2'), line: 2 },
    ])
    const key = `${'v'.repeat(200)}…`
    expect([...(counts.groups[0]?.values ?? [])]).toMatchObject([[key, { rows: 2 }]])
    const [long] = counts.shown?.sample.filter(({ line }) => line === 1) ?? []
    expect(long).toMatchObject({ text: 'a'.repeat(500), chars: 2000, values: [key] })
  })
})

describe('the values of a column', () => {
  const breakdownOf = (values: readonly string[]) => {
    const { groups } = countAll(numbered(values.map((value) => ({ text: 'a', value }))))
    return groups.map(toBreakdown)[0]
  }
  const manyValues = (toValue: (i: number) => string) =>
    Array.from({ length: MAX_VALUES + 5 }, (_, i) => toValue(i))

  it('stand with the most frequent first', () => {
    const breakdown = breakdownOf(['b', 'a', ' b ', '', 'c', 'c', 'c'])
    expect(breakdown).toMatchObject({ kind: 'values', empty: { rows: 1 } })
    expect(breakdown?.parts.map(({ name, tally }) => [name, tally.rows])).toEqual([
      ['c', 3],
      ['b', 2],
      ['a', 1],
    ])
  })

  it('are not told apart if there are too many', () => {
    const counts = countAll(
      numbered(manyValues((i) => `user ${i}`).map((value) => ({ text: 'a', value }))),
    )
    expect(counts.groups[0]?.values.size).toBe(0)
    expect(counts.groups.map(toBreakdown)).toMatchObject([{ kind: 'too_many_values', parts: [] }])
  })

  it('are days if nearly all of them are dates, however many times of day there are', () => {
    const second = (i: number) => new Date(Date.UTC(2024, 0, 1, 0, 0, i * 60)).toISOString()
    const breakdown = breakdownOf([...manyValues(second), 'n/a', 'never'])
    expect(breakdown).toMatchObject({
      kind: 'days',
      notDates: { rows: 2, examples: ['n/a', 'never'] },
    })
    expect(breakdown?.parts.map(({ name, tally }) => [name, tally.rows])).toEqual([
      ...Array.from({ length: 6 }, (_, i) => [`2024-01-0${i + 1}`, 1440]),
      ['2024-01-07', MAX_VALUES + 5 - 6 * 1440],
    ])
  })

  it.each([
    [['2024-01-31', '2024-02-02'], 'days', ['2024-01-31', '2024-02-01', '2024-02-02']],
    [['2024-01-31', '2024-04-02'], 'months', ['2024-01', '2024-02', '2024-03', '2024-04']],
    [['2024-01-31', '2024-02'], 'months', ['2024-01', '2024-02']],
    [['2001-01-31', '2003', '2003-02-01'], 'years', ['2001', '2002', '2003']],
    [['1999-12-31', '2024-01-01'], 'years', Array.from({ length: 26 }, (_, i) => `${1999 + i}`)],
  ])('that are dates are %s as %s, with those between', (values, kind, names) => {
    const breakdown = breakdownOf(values)
    expect([breakdown?.kind, breakdown?.parts.map(({ name }) => name)]).toEqual([kind, names])
  })

  it('such as 3/4/2024 are no dates while nothing tells which number is the day', () => {
    expect(breakdownOf(['3/4/2024', '5/6/2024'])).toMatchObject({ kind: 'values', ambiguous: 2 })
  })
})
