import { describe, expect, it } from 'vitest'
import { answerTo, createTestApp, LABELS } from '../../fakes.ts'
import { type AnswerRow, ask, send } from './stream.ts'

const app = createTestApp()
const predictionOf = (text: string) =>
  LABELS.map((label, i) => ({ label, score: answerTo(text).scores[i] }))
const errorsIn = (rows: readonly AnswerRow[]) => rows.map(({ error }) => error?.code)
const LONG = 'long '.repeat(25)

describe('rows of NDJSON', () => {
  it('are answered one by one, in order, with every label', async () => {
    const { rows } = await ask(app, '{"text":"I love it"}\n{"text":"I hate it"}\n')
    expect(rows).toEqual([
      { line: 1, prediction: predictionOf('I love it') },
      { line: 2, prediction: predictionOf('I hate it') },
    ])
  })

  it('may be bare strings', async () => {
    const { rows } = await ask(app, '"I love it"\n"I hate it"')
    expect(rows.map(({ prediction }) => prediction)).toEqual(
      ['I love it', 'I hate it'].map(predictionOf),
    )
  })

  it('keep their ids', async () => {
    const { rows } = await ask(app, '{"id":"a-7","text":"a"}\n{"text":"b","id":-12}\n"c"\n')
    expect(rows.map(({ id }) => id)).toEqual(['a-7', -12, undefined])
  })

  it.each([
    ['CRLF', '"a"\r\n"b"\r\n'],
    ['no newline at the end', '"a"\n"b"'],
    ['a byte order mark', '\ufeff"a"\n"b"\n'],
    ['spaces around them', ' "a" \n\t"b"\n'],
  ])('may come with %s', async (_, body) => {
    const { rows, summary } = await ask(app, body)
    expect(rows.map(({ line, error }) => [line, error])).toEqual([
      [1, undefined],
      [2, undefined],
    ])
    expect(summary.complete).toBe(true)
  })

  it('may have empty lines between them, which count as lines alone', async () => {
    const { rows, summary } = await ask(app, '\n"a"\n \t\r\n\n"b"\n\n')
    expect(rows.map(({ line }) => line)).toEqual([2, 5])
    expect(summary.rows).toBe(2)
  })

  it.each([
    ['a blank text', '{"text":" \\u200b"}', 'invalid_request: Must not be blank.'],
    ['an empty string', '""', 'invalid_request: Must not be blank.'],
    ['a long text', `"${'x'.repeat(201)}"`, 'invalid_request: Longer than 200 characters.'],
    ['no text', '{}', 'invalid_request: Must be a string.'],
    ['a text of another type', '{"text":["a"]}', 'invalid_request: Must be a string.'],
    ['a list', '["a"]', 'invalid_request: Must be a string.'],
    ['null', 'null', 'invalid_request: Must be a string.'],
    ['an unknown field', '{"text":"a","txt":1}', 'invalid_request: txt: Unknown field.'],
    ['__proto__', '{"text":"a","__proto__":1}', 'invalid_request: __proto__: Unknown field.'],
    ['an id that is too long', `{"text":"a","id":"${'x'.repeat(129)}"}`, /^invalid_request: id: /],
    ['an id that is no integer', '{"text":"a","id":1e999}', /^invalid_request: id: /],
    [
      'an id that JSON would change',
      '{"text":"a","id":9007199254740993}',
      /^invalid_request: id: /,
    ],
    ['deep nesting', '['.repeat(99) + ']'.repeat(99), 'invalid_request: Must be a string.'],
    ['no JSON', '{"text":"a"', 'malformed_json: Must be one JSON value in UTF-8.'],
    ['two values', '"a" "b"', 'malformed_json: Must be one JSON value in UTF-8.'],
    ['NUL', '"a\0b"', 'malformed_json: Must be one JSON value in UTF-8.'],
  ])('with %s are error rows between the others', async (_, row, wrong) => {
    const { rows, summary } = await ask(app, `"before"\n${row}\n"after"\n`)
    const [before, { error } = {}, after] = rows
    expect(`${error?.code}: ${error?.message}`).toMatch(wrong)
    expect([before?.error, after?.error]).toEqual([undefined, undefined])
    expect(summary).toMatchObject({ rows: 3, errors: 1, complete: true })
  })

  it('that are not UTF-8 are error rows', async () => {
    const bytes = Buffer.concat([Buffer.from('"a"\n"'), Buffer.of(0xff), Buffer.from('"\n"b"\n')])
    const { rows } = await ask(app, bytes)
    expect(errorsIn(rows)).toEqual([undefined, 'malformed_json', undefined])
  })

  it('that are too large are error rows, however large, and the next line is a row again', async () => {
    const { rows } = await ask(app, `"a"\n"${'x'.repeat(500_000)}"\n"b"\n`)
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 3])
    expect(errorsIn(rows)).toEqual([undefined, 'payload_too_large', undefined])
  })

  it('say nothing of a text in an error', async () => {
    const answer = await (await send(app, '{"text":"secret","secret":"secret"\n')).text()
    expect(answer).not.toContain('secret')
  })

  it('are summed up in the last line', async () => {
    const { summary } = await ask(app, `"I love it"\n"I hate it"\n""\n"${LONG}"\n`)
    expect(summary).toEqual({
      rows: 4,
      labels: { NEGATIVE: 2, POSITIVE: 1 },
      errors: 1,
      cached: 0,
      truncated: 1,
      seconds: expect.any(Number),
      complete: true,
    })
  })

  it('may be none at all', async () => {
    const { rows, summary } = await ask(app, '')
    expect([rows, summary.rows, summary.complete]).toEqual([[], 0, true])
  })

  it('say which were truncated', async () => {
    const { rows } = await ask(app, `"${LONG}"\n"short"\n`)
    expect(rows.map(({ truncated }) => truncated)).toEqual([true, undefined])
  })

  it('are refused where they would be truncated, if asked to', async () => {
    const { rows } = await ask(app, `"${LONG}"\n"short"\n`, { query: '?truncate=false' })
    expect(rows[0]?.error).toEqual({ code: 'invalid_request', message: 'Longer than 16 tokens.' })
    expect(rows[1]?.error).toBeUndefined()
  })

  it('are numbered from where the request says', async () => {
    const { rows } = await ask(app, '"a"\n\n"b"\n', { query: '?line=1001' })
    expect(rows.map(({ line }) => line)).toEqual([1001, 1003])
  })
})

describe('the answer to rows', () => {
  it('says what it is, and that nobody is to keep or collect it', async () => {
    const { status, headers } = await send(app, '"a"\n')
    expect(status).toBe(200)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/x-ndjson',
      'x-model-digest': '0123456789abcdef',
      'x-accel-buffering': 'no',
      'cache-control': 'no-store',
      'x-request-id': expect.any(String),
    })
  })

  it.each([
    'application/x-ndjson',
    'application/ndjson; charset=UTF-8',
    'Application/JSONL',
    'application/x-jsonlines',
  ])('comes to %s', async (type) => {
    expect((await ask(app, '"a"\n', { type })).summary.rows).toBe(1)
  })

  it.each([
    ['another charset', { type: 'application/x-ndjson; charset=utf-16' }, 415],
    ['an unknown encoding', { headers: { 'content-encoding': 'zstd' } }, 415],
    ['a line that is no number', { query: '?line=0' }, 422],
    ['another truncate', { query: '?truncate=no' }, 422],
  ])('is an ordinary error to %s', async (_, sending, status) => {
    const response = await send(app, '"a"\n', sending)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  })
})
