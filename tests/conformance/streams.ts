import { equal, match, ok } from 'node:assert/strict'
import { z } from 'zod'
import type { Check, Target } from './target.ts'

const ROWS = ['I love you.', 'I hate you.', ' ', 'A charming journey.']

const Line = z.object({
  line: z.number().optional(),
  prediction: z.array(z.object({ label: z.string(), score: z.number() })).optional(),
  error: z.object({ code: z.string() }).optional(),
  summary: z.looseObject({ rows: z.number(), complete: z.boolean() }).optional(),
})

const ndjson = (rows: readonly string[]) => rows.map((row) => JSON.stringify(row)).join('\n')

const stream = (target: Target, body: string, type = 'application/x-ndjson') =>
  target.send(body, { 'content-type': type })

const linesOf = async (response: Response) =>
  (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => Line.parse(JSON.parse(line)))

/** Checks of rows that are answered while they are sent. */
export const STREAMS: readonly Check[] = [
  {
    name: 'a line for each row of NDJSON, in order, and a summary',
    async run(target) {
      const response = await stream(target, ndjson(ROWS))
      equal(response.headers.get('content-type'), 'application/x-ndjson')
      const lines = await linesOf(response)
      equal(lines.map(({ line }) => line).join(), '1,2,3,4,')
      equal(lines[2]?.error?.code, 'invalid_request')
      equal(lines[4]?.summary?.rows, 4)
      equal(lines[4]?.summary?.complete, true)
    },
  },
  {
    name: 'the scores of a row that its text gets in JSON',
    async run(target) {
      const [row] = await linesOf(await stream(target, ndjson(['A charming journey.'])))
      const [, streamed = { score: Number.NaN }] = row?.prediction ?? []
      const positive = await target.positive('A charming journey.')
      ok(Math.abs(streamed.score - positive) < 1e-5, `${streamed.score}, not ${positive}`)
    },
  },
  {
    name: 'a record for each row of CSV, and a summary',
    async run(target) {
      const response = await stream(target, 'n,text\n1,I love you.\n2,I hate you.\n', 'text/csv')
      const [head = '', love = '', hate = '', last = ''] = (await response.text()).split('\n')
      equal(head, 'line,label,score,truncated,error,summary')
      match(love, /^2,POSITIVE,0\.\d+,,,$/)
      match(hate, /^3,NEGATIVE,0\.\d+,,,$/)
      match(last, /^,,,,,"\{""rows"":2,.*""complete"":true\}"$/)
    },
  },
  {
    name: '422 for CSV without a column of texts',
    async run(target) {
      equal((await stream(target, 'review\na\n', 'text/csv')).status, 422)
    },
  },
]
