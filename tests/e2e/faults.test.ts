import { once } from 'node:events'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { hasRedis, RedisServer } from '../../harness/redis-server.ts'

const HEAD = 'POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
const HALF_A_BODY = `${HEAD}Content-Length: 100\r\n\r\n{"text":`
const HALF_A_CHUNK = `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n{"tex`

describe.each(RUNTIMES)('the service on %s', (runtime) => {
  let service: ServiceProcess
  let socket: Socket | undefined
  const start = (env: Record<string, string> = {}) => {
    const common = { MODEL: TINY_MODEL, DRAIN_SECONDS: '0', WORKERS: '1' }
    service = new ServiceProcess(runtime, { ...common, ...env })
    return service.ready()
  }
  afterEach(async () => {
    socket?.destroy()
    await service.stop()
  })

  it.each([HALF_A_BODY, HALF_A_CHUNK])(
    'answers 504 to a body that stops half-way',
    async (bytes) => {
      await start({ REQUEST_TIMEOUT_SECONDS: '0.2' })
      socket = await service.connect(bytes)
      const [chunk] = await once(socket, 'data')
      expect(String(chunk)).toMatch(/^HTTP\/1.1 504 .*deadline_exceeded/s)
    },
  )

  it('does not log a disconnect in mid-request as a bug', async () => {
    await start()
    socket = await service.connect(HALF_A_BODY)
    socket.destroy()
    await service.until('polarity_rejected_total{code="client_closed"}', (n) => n === 1)
    expect(await service.metric('polarity_rejected_total{code="internal"}')).toBe(0)
  })

  it('ends in time despite an idle connection', async () => {
    await start()
    socket = await service.connect('')
    service.signal('SIGTERM')
    expect(await service.exit()).toBe(0)
  })

  it('answers a request without a Host header', async () => {
    await start()
    socket = await service.connect('GET /health HTTP/1.0\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1.[01] 200 /)
  })

  it.skipIf(!hasRedis)('keeps a wrong password of Redis out of its log, and answers', async () => {
    const redis = await RedisServer.start(['--requirepass', 'right'])
    await start({ REDIS_URL: redis.url.replace('//', '//:wrong-secret@') })
    await service.waitFor('redis_disconnected')
    expect((await service.predict(['I love it'])).status).toBe(200)
    await redis.stop()
    expect(service.output).not.toContain('wrong-secret')
  })
})
