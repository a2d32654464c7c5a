import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Classify } from '../../../app/classifier/classify.ts'
import { createMetrics } from '../../../app/telemetry/metrics.ts'
import { answerTo, createTestApp, LABELS, settled } from '../../fakes.ts'
import { recordedLog } from '../../recorded-log.ts'
import { endlessBody, heldClassify, metricOf, until } from './flow.ts'
import { ask, openBody, parse, send } from './stream.ts'

const WINDOW_ROWS = 512

describe('a stream', () => {
  it('is answered while it is sent', async () => {
    const { body, write, end } = openBody()
    const sent = send(createTestApp(), body)
    write('"I love it"\n"I ha')
    const reader = (await sent).body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toMatch(/^\{"line":1,.*\n$/)
    write('te it"\n')
    expect((await reader?.read())?.value).toMatch(/^\{"line":2,.*\n$/)
    end()
    expect((await reader?.read())?.value).toMatch(/^\{"summary":\{"rows":2,/)
    expect((await reader?.read())?.done).toBe(true)
  })

  it('is not read further than a window ahead of what its client has taken', async () => {
    const { body, read } = endlessBody()
    const response = await send(createTestApp(), body)
    const reader = response.body?.getReader()
    let before = -1
    await until(() => {
      const stopped = read.rows === before
      before = read.rows
      return stopped && read.rows >= WINDOW_ROWS
    })
    expect(read.rows).toBeLessThanOrEqual(WINDOW_ROWS + 6 * 64)
    for (let i = 0; i < 10; i++) await reader?.read()
    await until(() => read.rows > before)
    await reader?.cancel()
  })

  it('is not read further than a window ahead of what is answered', async () => {
    const { body, read } = endlessBody()
    const { classify, calls, release } = heldClassify()
    const sent = send(createTestApp({ classify }), body)
    await until(() => calls.length === WINDOW_ROWS / 64)
    for (let i = 0; i < 20; i++) await settled()
    expect(calls).toHaveLength(WINDOW_ROWS / 64)
    expect(read.rows).toBeLessThanOrEqual(WINDOW_ROWS + 4 * 64)
    release()
    await (await sent).body?.cancel()
  })

  it('whose client leaves is worked on no more', async () => {
    const { body } = endlessBody()
    const { classify, calls, release } = heldClassify()
    let questions = 0
    const firstOnly: Classify = async (texts, call) =>
      questions++ === 0 ? texts.map(answerTo) : classify(texts, call)
    const metrics = createMetrics(LABELS)
    const response = await send(createTestApp({ classify: firstOnly, metrics }), body)
    await until(() => calls.length > 0)
    await response.body?.cancel()
    await until(() => calls.every((call) => call.signal().aborted))
    release()
    const series = 'polarity_streams_total{format="ndjson",end="client_closed"}'
    await until(async () => (await metricOf(metrics, series)) === 1)
  })

  it('is refused if its client leaves before the first row', async () => {
    const { classify, calls } = heldClassify()
    const controller = new AbortController()
    const app = createTestApp({ classify })
    const sent = send(app, '"a"\n', { signal: controller.signal })
    await until(() => calls.length > 0)
    controller.abort()
    expect((await sent).status).toBe(499)
  })

  it('asks behind other requests of its caller, in its name, with a deadline for each window', async () => {
    const { classify, calls, release } = heldClassify()
    const sent = send(createTestApp({ classify }), '"a"\n')
    await until(() => calls.length === 1)
    const [call] = calls
    expect([call?.behindOthers, call?.caller()]).toEqual([true, 'unknown'])
    expect(call?.deadlineAt).toBeLessThanOrEqual(performance.now() + 30_000)
    release()
    await sent
  })

  it('answers all rows but one that breaks the model', async () => {
    const { log, lines } = recordedLog()
    const classify: Classify = async (texts) => {
      if (texts.includes('bad')) throw new Error('The model broke.')
      return texts.map(answerTo)
    }
    const { rows, summary } = await ask(createTestApp({ classify, log }), '"a"\n"bad"\n"b"\n')
    expect(rows.map(({ error }) => error?.code)).toEqual([undefined, 'internal', undefined])
    expect(summary).toMatchObject({ rows: 3, errors: 1, complete: true })
    await until(() => lines.length > 0)
    expect(lines).toMatchObject([{ code: 'internal', err: { message: 'The model broke.' } }])
  })

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, -6)],
    ['followed by something else', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('rest')])],
    ['no gzip at all', () => Buffer.from('"a"\n')],
  ])('in gzip that is %s is not complete', async (_, broken) => {
    const bytes = broken(gzipSync('"a"\n"b"\n'))
    const response = await send(createTestApp(), bytes, { headers: { 'content-encoding': 'gzip' } })
    const answer = await response.text()
    if (response.status === 200) expect(parse(answer).summary.complete).toBe(false)
    else expect(response.status).toBe(400)
    expect(answer).toContain('malformed_json')
  })

  it('may be compressed', async () => {
    const headers = { 'content-encoding': 'gzip' }
    const { summary } = await ask(createTestApp(), gzipSync('"a"\n'.repeat(1000)), { headers })
    expect(summary).toMatchObject({ rows: 1000, complete: true })
  })

  it('is counted, row by row and at its end, and logged in one line', async () => {
    const metrics = createMetrics(LABELS)
    const { log, lines } = recordedLog()
    await ask(createTestApp({ metrics, log }), '"a"\n""\n"b"\n')
    await until(() => lines.length > 0)
    expect(lines).toMatchObject([{ event: 'request', status: 200, texts: 2, stream: 'ndjson' }])
    const values = await Promise.all(
      [
        'polarity_streams_total{format="ndjson",end="complete"}',
        'polarity_stream_rows_total{format="ndjson",result="prediction"}',
        'polarity_stream_rows_total{format="ndjson",result="error"}',
        'polarity_predictions_total{label="NEGATIVE"}',
        'polarity_streams_open',
      ].map((series) => metricOf(metrics, series)),
    )
    expect(values).toEqual([1, 2, 1, 2, 0])
  })
})
