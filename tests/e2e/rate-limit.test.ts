import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'

describe.each(RUNTIMES)('the rate limit on %s', (runtime) => {
  let service: ServiceProcess
  beforeAll(async () => {
    const env = { MODEL: TINY_MODEL, RATE_LIMIT_TEXTS_PER_MINUTE: '2' }
    service = await new ServiceProcess(runtime, env).ready()
  })
  afterAll(() => service.stop())

  it('counts cache hits too', async () => {
    const statuses: number[] = []
    for (let i = 0; i < 3; i++) statuses.push((await service.predict(['good'])).status)
    expect(statuses).toEqual([200, 200, 429])
  })
})
