import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { FileRun } from '../../app/web/file-run.js'
import { firstRows, guessColumn, rowsOf } from '../../app/web/table.js'

const info = { maxChars: 50, maxTexts: 10, maxBytes: 10_000, unsure: [0.25, 0.75] as const }

/** A file in memory, as browsers have it. */
const fileOf = (name: string, content: string | Uint8Array<ArrayBuffer>) => {
  const blob = new Blob([content])
  return { name, size: blob.size, slice: blob.slice.bind(blob) }
}

const answerTo = (text: string) => ({
  scores: [
    { label: 'NEGATIVE', score: text.includes('bad') ? 0.9 : 0.1 },
    { label: 'POSITIVE', score: text.includes('bad') ? 0.1 : 0.9 },
  ],
  truncated: text.includes('long'),
})

async function run(
  name: string,
  content: string,
  options: { header?: boolean; column?: number } = {},
) {
  const lists: string[][] = []
  const bytes: number[] = []
  const job = new FileRun({
    rows: rowsOf(fileOf(name, content)),
    column: 0,
    header: true,
    safe: true,
    info,
    async ask(texts) {
      lists.push([...texts])
      return texts.map(answerTo)
    },
    onProgress: (progress) => bytes.push(progress.bytes),
    ...options,
  })
  await job.run()
  return { job, lists, bytes, table: parse(job.parts.join('')) }
}

describe('a file’s rows', () => {
  it('gain their answer, in order', async () => {
    const { table, job } = await run('a.csv', 'text,id\ngood long,1\nbad,2\n')
    expect(table).toEqual([
      ['text', 'id', 'label', 'score', 'truncated', 'error'],
      ['good long', '1', 'POSITIVE', '0.9', 'true', ''],
      ['bad', '2', 'NEGATIVE', '0.9', 'false', ''],
    ])
    expect(String(job.tally)).toBe('1 POSITIVE, 1 NEGATIVE')
  })

  it('are sent in parts that the service takes', async () => {
    const { lists, bytes, job } = await run('a.csv', `text\n${'good\n'.repeat(600)}`)
    expect(lists.every(({ length }) => length <= 10)).toBe(true)
    expect([lists.flat().length, job.rows, bytes.at(-1)]).toEqual([600, 600, 3005])
  })

  it('that can’t be classified stay, with the reason', async () => {
    const rows = ['text,id', ' ,1', `${'a'.repeat(51)},2`, 'good', 'good,4'].join('\n')
    const { table, lists } = await run('a.csv', rows)
    expect(table.slice(1).map((cells: string[]) => cells.at(-1))).toEqual([
      'blank',
      'too_long',
      'ragged',
      '',
    ])
    expect(lists).toEqual([['good']])
  })

  it('need no names', async () => {
    const { table } = await run('a.tsv', '1\tgood\n', { header: false, column: 1 })
    expect(table[0]).toEqual(['column 1', 'text', 'label', 'score', 'truncated', 'error'])
    expect(table[1]?.slice(0, 3)).toEqual(['1', 'good', 'POSITIVE'])
  })

  it('are lines where the file is no table', async () => {
    const { table } = await run('a.txt', 'good, and "so"\r\n\r\nbad', { header: false })
    expect(table.slice(1).map((cells: string[]) => cells[0])).toEqual(['good, and "so"', 'bad'])
  })
})

describe('a file', () => {
  it('may begin with a byte order mark', async () => {
    expect(await firstRows(fileOf('a.csv', '\ufefftext,id\n'), 1)).toEqual([['text', 'id']])
  })

  it('is read in pieces, also through the middle of a character', async () => {
    const line = `${'é'.repeat(1000)}\n`
    const rows = await firstRows(fileOf('a.txt', `a${line.repeat(300)}`), 300)
    expect(rows.slice(1)).toEqual(Array(299).fill(['é'.repeat(1000)]))
  })

  it('must be UTF-8', async () => {
    const file = fileOf('a.csv', new Uint8Array([0x66, 0xfc, 0x72]))
    const error = await firstRows(file, 1).catch((reason) => reason)
    expect(error.message).toContain('not UTF-8')
  })
})

it.each([
  [
    'its name',
    [
      ['id', 'Review', 'notes'],
      ['1', 'x', 'much longer'],
    ],
    1,
  ],
  [
    'the longest cells',
    [
      ['id', 'a', 'b'],
      ['1', 'short', 'quite a bit longer'],
    ],
    2,
  ],
  ['nothing', [], 0],
])('guesses the column by %s', (_, rows, column) => {
  expect(guessColumn(rows)).toBe(column)
})
