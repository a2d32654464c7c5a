import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { exchange } from '../../harness/raw-http.ts'

const ENV = { MODEL: TINY_MODEL, WORKERS: '1', DRAIN_SECONDS: '0' }
const HEAD = ['Host: a', 'Content-Type: application/x-ndjson']
const Line = z.looseObject({
  line: z.number().optional(),
  summary: z
    .looseObject({
      rows: z.number(),
      complete: z.boolean(),
      next: z.object({ line: z.number(), byte: z.number() }).optional(),
      error: z.object({ code: z.string() }).optional(),
    })
    .optional(),
})

/** A request that is written to and read from by turns. */
async function openStream(service: ServiceProcess) {
  const headers = { 'content-type': 'application/x-ndjson' }
  const sent: ClientRequest = request(`${service.url}/predict`, { method: 'POST', headers })
  sent.on('error', () => undefined)
  const response = once(sent, 'response').then(([one]: IncomingMessage[]) => one)
  const lines = response.then((one) => {
    if (!one) throw new Error('No answer.')
    return createInterface(one)[Symbol.asyncIterator]()
  })
  return {
    write: (text: string) => sent.write(text),
    end: () => sent.end(),
    leave: () => sent.destroy(),
    async read() {
      const { value } = await (await lines).next()
      return Line.parse(JSON.parse(value ?? '{}'))
    },
  }
}

describe.each(RUNTIMES)('a stream of rows on %s', (runtime) => {
  let service: ServiceProcess
  beforeAll(async () => {
    service = await new ServiceProcess(runtime, ENV).ready()
  })
  afterAll(() => service.stop())
  const port = () => Number(new URL(service.url).port)

  it('is answered while it is sent', async () => {
    const stream = await openStream(service)
    for (const line of [1, 2, 3]) {
      stream.write(`"row ${line}"\n`)
      expect((await stream.read()).line).toBe(line)
    }
    stream.end()
    expect((await stream.read()).summary).toMatchObject({ rows: 3, complete: true })
  })

  it('may come in HTTP/1.0, where the end of the connection ends the answer', async () => {
    const body = '"a"\n"b"\n'
    const head = ['POST /predict HTTP/1.0', ...HEAD, `Content-Length: ${body.length}`]
    const { received, closed } = await exchange(port(), [`${head.join('\r\n')}\r\n\r\n${body}`])
    expect(closed).toBe(true)
    expect(received).toMatch(/\r\n\r\n\{"line":1,.*\n\{"line":2,.*\n\{"summary":.*\}\n$/)
  })

  it('is asked for if it waits to be asked for', async () => {
    const head = ['POST /predict HTTP/1.1', ...HEAD, 'Content-Length: 4', 'Expect: 100-continue']
    const { statuses } = await exchange(port(), [`${head.join('\r\n')}\r\n\r\n`, '"a"\n'])
    expect(statuses).toEqual([100, 200])
  })

  it('that is refused while it is still sent tells its client so', async () => {
    const rows = `review\n${'a\n'.repeat(1000)}`
    const chunk = `${rows.length.toString(16)}\r\n${rows}\r\n`
    const head = 'POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\n'
    const bytes = `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`
    const { statuses, closed } = await exchange(port(), [bytes, chunk, chunk])
    expect([statuses, closed]).toEqual([[422], true])
  })

  it('that is cut off leaves nothing open', async () => {
    const stream = await openStream(service)
    stream.write('"a"\n')
    await stream.read()
    stream.write('"b')
    stream.leave()
    await service.until('polarity_streams_open', (open) => open === 0)
    const series = 'polarity_streams_total{format="ndjson",end="client_closed"}'
    expect(await service.metric(series)).toBeGreaterThan(0)
    expect(await service.metric('polarity_rejected_total{code="internal"}')).toBe(0)
  })
})

describe.each(RUNTIMES)('a stream of rows on %s', (runtime) => {
  let service: ServiceProcess
  afterEach(() => service.stop())

  it('ends with where to go on when the process is told to end, which waits for that', async () => {
    service = await new ServiceProcess(runtime, ENV).ready()
    const stream = await openStream(service)
    stream.write('"a"\n"b"\n')
    expect([await stream.read(), await stream.read()]).toMatchObject([{ line: 1 }, { line: 2 }])
    service.signal('SIGTERM')
    expect((await stream.read()).summary).toMatchObject({
      rows: 2,
      complete: false,
      next: { line: 3, byte: 8 },
      error: { code: 'not_ready' },
    })
    stream.end()
    expect(await service.exit()).toBe(0)
    expect(service.output).not.toContain('Error')
  })

  it('whose client does not read is ended, and its connection closed', async () => {
    service = await new ServiceProcess(runtime, { ...ENV, REQUEST_TIMEOUT_SECONDS: '2' }).ready()
    const head = ['POST /predict HTTP/1.1', ...HEAD, 'Transfer-Encoding: chunked', '', '']
    const socket = await service.connect(head.join('\r\n'))
    const closed = new Promise((resolve) => socket.on('close', resolve).on('error', resolve))
    const rows = '0\n'.repeat(30_000)
    const chunk = `${rows.length.toString(16)}\r\n${rows}\r\n`
    const writing = setInterval(() => socket.writableLength < 1e6 && socket.write(chunk), 5)
    await closed
    clearInterval(writing)
    await service.until('polarity_streams_open', (open) => open === 0)
    expect(service.output).not.toContain('client does not read')
    expect((await service.predict(['I love it'])).status).toBe(200)
  })
})
