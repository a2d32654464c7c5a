import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import type { Check } from '../check.ts'
import { problem, type Visit } from '../visit.ts'

const csvFile = (name: string, text: string) => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(text),
})

async function choose(visit: Visit, name: string, text: string): Promise<void> {
  await visit.page.getByLabel('Drop a file here, or choose one').setInputFiles(csvFile(name, text))
}

const start = (visit: Visit) =>
  visit.page.getByRole('button', { name: 'Classify the rows' }).click()

const fileSays = (visit: Visit, hasText: RegExp) =>
  visit.page.locator('#file-status', { hasText }).waitFor()

async function download(visit: Visit): Promise<{ name: string; rows: string[][] }> {
  const waiting = visit.page.waitForEvent('download')
  await visit.page.locator('#download').click()
  const file = await waiting
  return { name: file.suggestedFilename(), rows: parse(await readFile(await file.path(), 'utf8')) }
}

const many = (count: number) =>
  `id,review\n${Array.from({ length: count }, (_, i) => `${i},Room ${i} was ${i % 2 ? 'awful' : 'lovely'}.`).join('\n')}\n`

/** Files of texts. */
export const FILES: readonly Check[] = [
  {
    name: 'classifies a table and offers it for download',
    async run(visit) {
      await visit.home()
      const table =
        'id;review;stars\r\n1;"I love it;\n""really""";5\r\n2; ;1\r\n3;=HYPERLINK("x");2\r\n'
      await choose(visit, 'my reviews.csv', table)
      await fileSays(visit, /my reviews\.csv, 1 kB: 3 columns\./)
      assert.equal(await visit.page.getByLabel('Column with the texts').inputValue(), '1')
      await start(visit)
      await fileSays(visit, /^3 rows: .*1 without an answer/)
      const { name, rows } = await download(visit)
      assert.equal(name, 'my reviews.polarity.csv')
      assert.deepEqual(rows[0], ['id', 'review', 'stars', 'label', 'score', 'truncated', 'error'])
      assert.deepEqual(rows[1]?.slice(0, 4), ['1', 'I love it;\n"really"', '5', 'POSITIVE'])
      assert.deepEqual(rows[2]?.slice(3), ['', '', '', 'blank'])
      assert.equal(rows[3]?.[1], `'=HYPERLINK("x")`)
    },
  },
  {
    name: 'takes a file that is dropped',
    async run(visit) {
      await visit.home()
      await visit.page.locator('#drop').evaluate((drop) => {
        const window = Object(drop.ownerDocument.defaultView)
        const dataTransfer = new window.DataTransfer()
        dataTransfer.items.add(new window.File(['text\nI love it.\n'], '<b>dropped</b>.csv'))
        drop.dispatchEvent(
          new window.DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }),
        )
      })
      await fileSays(visit, /<b>dropped<\/b>\.csv, 1 kB: 1 column\./)
    },
  },
  {
    name: 'sends many rows in parts, and shows how far it is',
    async run(visit) {
      await visit.home()
      await choose(visit, 'many.csv', many(700))
      await start(visit)
      const done = visit.page.locator('#rows-done', { hasText: /^\d+ rows done/ })
      // It is hidden again at the end, which may come first.
      await done.waitFor({ state: 'attached' })
      await fileSays(visit, /^700 rows: /)
      assert.equal((await download(visit)).rows.length, 701)
    },
  },
  {
    name: 'waits and goes on where the service is busy or away, and loses no row',
    failsOnPurpose: true,
    async run(visit) {
      await visit.home()
      const troubles = [
        problem(429, 'overloaded', { headers: { 'retry-after': '1' } }),
        problem(503, 'not_ready'),
        { status: 502, body: 'no' },
      ]
      await visit.stub((body) => (body.includes('Room') ? troubles.shift() : undefined))
      await choose(visit, 'many.csv', many(300))
      await start(visit)
      await fileSays(visit, /Trying again/)
      await fileSays(visit, /^300 rows: /)
      const { rows } = await download(visit)
      assert.deepEqual(
        rows.slice(1).map(([id]) => id),
        Array.from({ length: 300 }, (_, i) => String(i)),
      )
    },
  },
  {
    name: 'stops when told, and keeps what was done',
    async run(visit) {
      await visit.home()
      let parts = 0
      await visit.page.route('**/predict', async (route) => {
        if (route.request().postData()?.includes('Room')) parts++
        // The second part never comes.
        if (parts < 2) await route.fallback()
      })
      await choose(visit, 'many.csv', many(700))
      await start(visit)
      await visit.page.locator('#rows-done', { hasText: '256 rows done' }).waitFor()
      await visit.page.getByRole('button', { name: 'Stop' }).click()
      await fileSays(visit, /^Stopped\. 256 rows were done/)
      assert.equal(await visit.focused(), 'download')
      assert.equal((await download(visit)).rows.length, 257)
    },
  },
  {
    name: 'says what is wrong with a file',
    async run(visit) {
      await visit.home()
      await choose(visit, 'empty.csv', '')
      await fileSays(visit, /empty\.csv is empty/)
      const input = visit.page.getByLabel('Drop a file here, or choose one')
      await input.setInputFiles({
        ...csvFile('latin.csv', ''),
        buffer: Buffer.from([0x66, 0xfc, 0x72, 0x0a]),
      })
      await fileSays(visit, /not UTF-8/)
    },
  },
  {
    name: 'takes a file of plain lines',
    async run(visit) {
      await visit.home()
      await choose(visit, 'lines.txt', 'I love it, truly.\nI hate it.')
      await start(visit)
      await fileSays(visit, /^2 rows: /)
      const { rows } = await download(visit)
      assert.deepEqual(rows[1]?.slice(0, 2), ['I love it, truly.', 'POSITIVE'])
    },
  },
]
