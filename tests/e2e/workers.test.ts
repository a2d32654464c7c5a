import { afterEach, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'

describe.each(RUNTIMES)('a worker on %s', (runtime) => {
  let service: ServiceProcess
  const start = (env: Record<string, string> = {}) => {
    service = new ServiceProcess(runtime, {
      MODEL: TINY_MODEL,
      DRAIN_SECONDS: '0',
      WORKERS: '2',
      // On a busy machine what is slow must not look as if it hung.
      BATCH_TIMEOUT_SECONDS: '60',
      ...env,
    })
    return service.ready()
  }
  const code = async (response: Response) => ((await response.json()) as { code: string }).code
  afterEach(() => service.stop())

  it.each(['throw', 'swell'])(
    'that fails at "%s" is replaced, and its text tried once more',
    async (word) => {
      await start()
      const failed = await service.predict([word])
      expect([failed.status, await code(failed)]).toEqual([500, 'internal'])
      expect((await service.predict(['good'])).status).toBe(200)
      expect(await service.metric('polarity_worker_restarts_total')).toBe(2)
    },
  )

  it('that fails fails no other request', async () => {
    await start({ WORKERS: '1' })
    const held = service.predict(['slow'])
    await service.until('polarity_workers{state="busy"}', (workers) => workers === 1)
    const requests = ['good', 'throw', 'bad'].map((text) => service.predict([text]))
    const statuses = (await Promise.all([held, ...requests])).map(({ status }) => status)
    expect(statuses).toEqual([200, 200, 500, 200])
  })

  it('that hangs is replaced, and the process keeps serving', async () => {
    await start({ BATCH_TIMEOUT_SECONDS: '1', WORKERS: '3' })
    const hung = service.predict(['hang'])
    expect((await service.predict(['good'])).status).toBe(200)
    expect(await code(await hung)).toBe('internal')
    await service.until('polarity_workers{state="idle"}', (workers) => workers === 3)
    expect((await service.predict(['bad'])).status).toBe(200)
    expect(await service.metric('polarity_workers{state="leaving"}')).toBe(2)
    expect((await fetch(`${service.internalUrl}/livez`)).status).toBe(200)
  })

  it('that hangs fails the liveness probe once as many hang as are warm', async () => {
    await start({ BATCH_TIMEOUT_SECONDS: '1', WORKERS: '1' })
    expect((await service.predict(['hang'])).status).toBe(500)
    await service.until('polarity_workers{state="idle"}', (workers) => workers === 1)
    expect((await fetch(`${service.internalUrl}/livez`)).status).toBe(503)
    expect((await fetch(`${service.internalUrl}/readyz`)).status).toBe(200)
  })

  it('prints nothing of a text that broke it', async () => {
    await start()
    await service.predict(['throw'])
    expect(service.output).not.toMatch(/input_ids|BigInt64Array/)
  })

  it('finishes the batch that runs when the signal comes', async () => {
    await start({ WORKERS: '1' })
    const answer = service.predict(['slow slow'])
    await service.until('polarity_workers{state="busy"}', (workers) => workers === 1)
    service.signal('SIGTERM')
    expect((await answer).status).toBe(200)
    expect(await service.exit()).toBe(0)
  })

  it('does not get the texts of a client that disconnected', async () => {
    await start({ WORKERS: '1' })
    const held = service.predict(['slow slow slow'])
    await service.until('polarity_workers{state="busy"}', (workers) => workers === 1)
    const caller = new AbortController()
    const left = service.predict(['good', 'good good', 'bad'], caller.signal).catch(() => 'gone')
    await service.until('polarity_queue_texts', (texts) => texts === 3)
    caller.abort()
    await service.until('polarity_queue_texts', (texts) => texts === 0)
    expect([await left, (await held).status]).toEqual(['gone', 200])
    expect(await service.metric('polarity_batch_texts_sum')).toBe(1)
  })

  it('survives that the client of its batch disconnects', async () => {
    await start({ WORKERS: '1' })
    const caller = new AbortController()
    const left = service.predict(['slow'], caller.signal).catch(() => 'gone')
    await service.until('polarity_workers{state="busy"}', (workers) => workers === 1)
    caller.abort()
    expect([await left, (await service.predict(['good'])).status]).toEqual(['gone', 200])
    expect(await service.metric('polarity_worker_restarts_total')).toBe(0)
  })

  it('does not get the texts of a request past its deadline', async () => {
    await start({ WORKERS: '1', REQUEST_TIMEOUT_SECONDS: '0.3' })
    const held = service.predict(['slow slow slow slow slow'])
    await service.until('polarity_workers{state="busy"}', (workers) => workers === 1)
    expect(await code(await service.predict(['good']))).toBe('deadline_exceeded')
    expect(await code(await held)).toBe('deadline_exceeded')
    await service.until('polarity_workers{state="idle"}', (workers) => workers === 1)
    expect(await service.metric('polarity_batch_texts_sum')).toBe(1)
  })

  it('that is held by one request leaves cached answers and probes to flow', async () => {
    await start({ WORKERS: '1' })
    await service.predict(['good'])
    let held = true
    const slow = service.predict(['slow slow slow slow']).then(() => {
      held = false
    })
    const [cached, health, metrics] = await Promise.all([
      service.predict(['good']),
      fetch(`${service.url}/health`),
      fetch(`${service.internalUrl}/metrics`),
    ])
    expect([cached.status, health.status, metrics.status, held]).toEqual([200, 200, 200, true])
    expect(cached.headers.get('x-cache')).toBe('HIT')
    await slow
  })
})
