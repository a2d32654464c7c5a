import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../harness/free-port.ts'
import { RUNTIMES, ServiceProcess } from '../../harness/process.ts'

describe.each(RUNTIMES)('the start of a process on %s', (runtime) => {
  let service: ServiceProcess
  const start = (env: Record<string, string>) => {
    service = new ServiceProcess(runtime, { DRAIN_SECONDS: '0', WORKERS: '1', ...env })
    return service
  }
  afterEach(() => service.stop())

  /** Its output other than the log, and whether it warmed the model before it exited. */
  async function refusal(env: Record<string, string>) {
    expect(await start(env).exit()).toBe(1)
    const said = service.output.split('\n').filter((line) => !line.startsWith('{'))
    return { said, warmed: service.logged('warm').length > 0 }
  }

  describe('with a port that is in use', () => {
    let holder: Server
    let port = ''
    beforeEach(async () => {
      holder = createServer().listen(0, '127.0.0.1')
      await once(holder, 'listening')
      const address = holder.address()
      port = String(typeof address === 'object' ? address?.port : '')
    })
    afterEach(() => void holder.close())

    it.each(['PORT', 'INTERNAL_PORT'])('names %s before it warms the model', async (name) => {
      const { said, warmed } = await refusal({ [name]: port })
      expect(said).toEqual([expect.stringContaining(`: ${name}: ${port} is in use on 127.0.0.1`)])
      expect(warmed).toBe(false)
    })
  })

  it.each([
    { env: { HOST: 'no-such-host.invalid' }, says: 'HOST: "no-such-host.invalid" can’t be' },
    { env: { HOST: '192.0.2.1' }, says: 'HOST: 192.0.2.1 is not an address' },
    { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://' }, says: 'OTEL_EXPORTER_OTLP_ENDPOINT: must' },
    { env: { REDIS_URL: 'rediss://:a/b=@h:6380' }, says: '"/" as %2F' },
    { env: { REDIS_URL: 'redis://:%ZZ@h' }, says: 'REDIS_URL: has a "%"' },
    { env: { API_KEYS: ',' }, says: 'API_KEYS: is set but has no items' },
  ])('prints one line that names the problem: $env', async ({ env, says }) => {
    const { said, warmed } = await refusal(env)
    expect(said).toEqual([expect.stringContaining(says)])
    expect(warmed).toBe(false)
  })

  it('accepts no request on its public port before it is ready', async () => {
    const port = String(await freePort())
    await start({ PORT: port }).waitFor('warming')
    const answered = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
    expect(answered === undefined || service.logged('ready').length === 1).toBe(true)
    expect((await service.ready()).url).toContain(port)
  })

  it('warns of an unknown setting that is probably a typo', async () => {
    await start({ MAX_TEXT: '3' }).ready()
    const [line] = service.logged('unknown_setting')
    expect(line).toMatchObject({ level: 'warn', variable: 'MAX_TEXT', meant: 'MAX_TEXTS' })
  })

  it('logs one line, without a stack, when Redis is unreachable', async () => {
    await start({ REDIS_URL: 'redis://:a-secret@127.0.0.1:1' }).ready()
    const [line] = service.logged('redis_disconnected')
    expect(line).toMatchObject({ reason: 'connect ECONNREFUSED 127.0.0.1:1' })
    expect(service.output).not.toMatch(/a-secret|stack/)
  })
})
