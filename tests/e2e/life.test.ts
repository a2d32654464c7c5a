import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'

/** Texts that take the tiny model long. */
const SLOW = ['slow slow', 'slow']
/** Where it matters how long the model takes. */
const BUNDLED = { MODEL: 'sst2-minilm' }
const LONGER_THAN_NODE_KEEPS_IT_BY_ITSELF_MS = 7000

describe.each(RUNTIMES)('the life of a process on %s', (runtime) => {
  let service: ServiceProcess
  const start = (env: Record<string, string> = {}) => {
    const common = {
      MODEL: TINY_MODEL,
      DRAIN_SECONDS: '0',
      WORKERS: '1',
      // On a busy machine what is slow must not look as if it hung.
      BATCH_TIMEOUT_SECONDS: '60',
    }
    service = new ServiceProcess(runtime, { ...common, ...env })
    return service
  }
  afterEach(() => service.stop())

  it('ends with 0 on SIGTERM', async () => {
    await start(BUNDLED).ready()
    service.signal('SIGTERM')
    expect(await service.exit()).toBe(0)
    expect(service.logged('closed')).toHaveLength(1)
  })

  it('ends with 0 on a signal that comes before it is ready', async () => {
    await start().waitFor('starting')
    service.signal('SIGTERM')
    expect(await service.exit()).toBe(0)
  })

  it('finishes requests in flight when the signal comes', async () => {
    await start().ready()
    const answer = service.predict(SLOW)
    await service.until('polarity_workers{state="busy"}', (workers) => workers === 1)
    service.signal('SIGTERM')
    const response = await answer
    expect(response.status).toBe(200)
    expect(((await response.json()) as { predictions: [] }).predictions).toHaveLength(SLOW.length)
    expect(await service.exit()).toBe(0)
  })

  it('keeps serving while it drains, but is not ready', async () => {
    await start({ DRAIN_SECONDS: '2' }).ready()
    service.signal('SIGTERM')
    await service.waitFor('drain_started')
    const status = async (url: string) => (await fetch(url)).status
    expect(await status(`${service.internalUrl}/readyz`)).toBe(503)
    expect(await status(`${service.internalUrl}/livez`)).toBe(200)
    expect((await service.predict(['I love it'])).status).toBe(200)
    expect(await service.exit()).toBe(0)
  })

  it('keeps a connection for the next request longer than a few seconds', async () => {
    await start().ready()
    const request = 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n'
    const socket = await service.connect(request)
    await once(socket, 'data')
    await sleep(LONGER_THAN_NODE_KEEPS_IT_BY_ITSELF_MS)
    socket.write(request)
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 /)
    socket.destroy()
  })

  it('does not wait for a client that never finishes a request that was answered', async () => {
    await start().ready()
    const half = 'GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n1'
    const socket = await service.connect(half)
    await once(socket, 'data')
    service.signal('SIGTERM')
    expect(await service.exit()).toBe(0)
    socket.destroy()
  })

  it('ends at once on a second signal', async () => {
    await start({ DRAIN_SECONDS: '60' }).ready()
    service.signal('SIGTERM')
    await service.waitFor('drain_started')
    service.signal('SIGTERM')
    expect(await service.exit()).toBe('SIGTERM')
  })

  it('ends at once when open requests take longer than they may', async () => {
    await start({ SHUTDOWN_TIMEOUT_SECONDS: '0.01' }).ready()
    const lost = service.predict(SLOW).catch((error: Error) => error)
    await service.until('polarity_workers{state="busy"}', (workers) => workers === 1)
    service.signal('SIGTERM')
    expect(await service.exit()).toBe('SIGTERM')
    expect(await lost).toBeInstanceOf(Error)
  })

  it.each([
    {
      env: { PORT: 'http', MAX_TEXTS: '0' },
      says: /^Bad configuration\n {2}PORT: .*\n {2}MAX_TEXTS: .*$/,
    },
    {
      env: { MODEL: 'no-such-model' },
      says: /^Bad configuration: MODEL: "no-such-model" is neither .*sst2-minilm.*$/m,
    },
  ])('ends with 1 and a readable message: $env', async ({ env, says }) => {
    expect(await start(env).exit()).toBe(1)
    expect(service.output).toMatch(says)
  })

  it('keeps serving when its log is closed', async () => {
    await start().ready()
    service.closeOutput()
    for (let i = 0; i < 20; i++) expect((await service.predict([`text ${i}`])).status).toBe(200)
    service.signal('SIGTERM')
    expect(await service.exit()).toBe(0)
  })

  it('is alive and not ready while the model is being warmed', async () => {
    start(BUNDLED)
    const { internal_port } = await service.waitFor('warming')
    const probe = async (name: string) =>
      (await fetch(`http://127.0.0.1:${internal_port}/${name}`)).status
    expect(await Promise.all([probe('livez'), probe('readyz')])).toEqual([200, 503])
  })

  it('ends with 1 and a log line after an uncaught exception', async () => {
    service = new ServiceProcess(runtime, {}, 'tests/fixtures/careless-entry.ts')
    expect(await service.exit()).toBe(1)
    const [line] = service.logged('uncaught_exception')
    expect(line).toMatchObject({ level: 'fatal', err: { message: 'nobody catches this' } })
  })
})

// Bun resets such a connection as it closes its port, and has no other way to close it.
describe('the life of a process on node', () => {
  it('still answers the first request of a connection that was made before the port closed', async () => {
    const env = { MODEL: TINY_MODEL, DRAIN_SECONDS: '0', WORKERS: '1' }
    const service = await new ServiceProcess('node', env).ready()
    const socket = await service.connect('')
    service.signal('SIGTERM')
    await service.waitFor('drain_started')
    socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 /)
    expect(await service.exit()).toBe(0)
  })
})
