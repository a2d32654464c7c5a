import { once } from 'node:events'
import { type ClientHttp2Session, connect } from 'node:http2'
import { afterEach, describe, expect, it } from 'vitest'
import { ServiceProcess, TINY_MODEL } from '../../harness/process.ts'

// Node has no server that takes both versions of HTTP on one port without TLS.
describe('HTTP/2 on the public port of bun', () => {
  let service: ServiceProcess
  let session: ClientHttp2Session
  const start = async () => {
    const env = { MODEL: TINY_MODEL, WORKERS: '1', DRAIN_SECONDS: '0', BATCH_TIMEOUT_SECONDS: '60' }
    service = await new ServiceProcess('bun', env).ready()
    session = connect(service.url)
    session.on('error', () => undefined)
  }
  afterEach(async () => {
    session.destroy()
    await service.stop()
  })

  async function predict(...text: readonly string[]) {
    const stream = session.request({ ':method': 'POST', ':path': '/predict' })
    const response = once(stream, 'response')
    stream.end(JSON.stringify({ text }))
    const [headers] = await response
    let body = ''
    for await (const chunk of stream) body += chunk
    return { status: headers[':status'], body: JSON.parse(body) }
  }

  it('is answered beside HTTP/1 on the same port', async () => {
    await start()
    const { status, body } = await predict('good')
    expect(status).toBe(200)
    expect(body).toEqual(await (await service.predict(['good'])).json())
    expect(await predict(' ')).toMatchObject({ status: 422, body: { code: 'invalid_request' } })
  })

  it('finishes what is in flight when the signal comes', async () => {
    await start()
    const answer = predict('slow slow', 'slow')
    await service.until('polarity_workers{state="busy"}', (workers) => workers === 1)
    service.signal('SIGTERM')
    expect((await answer).status).toBe(200)
    expect(await service.exit()).toBe(0)
  })
})
