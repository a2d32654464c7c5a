import { afterEach, describe, expect, it } from 'vitest'
import { LOG_EVENTS } from '../../app/telemetry/events.ts'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'

const EVENTS = new Set<string>(LOG_EVENTS)

describe.each(RUNTIMES)('the log of a process on %s', (runtime) => {
  let service: ServiceProcess
  afterEach(() => service.stop())

  it('has a known event on every line, from start to exit', async () => {
    const env = { MODEL: TINY_MODEL, WORKERS: '1', DRAIN_SECONDS: '0' }
    service = new ServiceProcess(runtime, { ...env, REDIS_URL: 'redis://127.0.0.1:1' })
    await service.ready()
    await service.waitFor('redis_disconnected')
    await service.predict(['I love it'])
    service.signal('SIGTERM')
    await service.exit()

    const events = service.log.map(({ event }) => event)
    expect(events.filter((event) => !EVENTS.has(event))).toEqual([])
    expect(events).toEqual(expect.arrayContaining(['request', 'drain_started', 'closed']))
  })
})
