import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { openBody, parse } from '../http/streaming/stream.ts'

/** Node's own bound for a whole request, which is five minutes, where the service sets none. */
const SOON = `data:text/javascript,${encodeURIComponent(`
  import http from 'node:http'
  import { syncBuiltinESMExports } from 'node:module'
  const { createServer } = http
  const soon = { requestTimeout: 500, headersTimeout: 500, connectionsCheckingInterval: 100 }
  http.createServer = (options, ...rest) => createServer({ ...soon, ...options }, ...rest)
  syncBuiltinESMExports()
`)}`

describe.each(RUNTIMES)('a stream of rows on %s', (runtime) => {
  let service: ServiceProcess
  afterEach(() => service.stop())

  it('may take longer than a server grants an ordinary request', async () => {
    const env = { MODEL: TINY_MODEL, WORKERS: '1', NODE_OPTIONS: `--import=${SOON}` }
    service = await new ServiceProcess(runtime, env).ready()
    const { body, write, end } = openBody()
    const headers = { 'content-type': 'application/x-ndjson' }
    const answer = fetch(`${service.url}/predict`, {
      method: 'POST',
      headers,
      body,
      duplex: 'half',
    })
    for (let i = 0; i < 12; i++) {
      write('"good"\n')
      await sleep(150)
    }
    end()
    const { summary } = parse(await (await answer).text())
    expect(summary).toMatchObject({ rows: 12, complete: true })
  })
})
