import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'

/** Far above what the batch takes, also on a busy machine. */
const BATCH_TIMEOUT_SECONDS = 5

describe('a process that was stopped for longer than a batch may take', () => {
  it.concurrent.each(RUNTIMES)('takes no worker for hung on %s', async (runtime) => {
    const env = {
      MODEL: TINY_MODEL,
      WORKERS: '1',
      DRAIN_SECONDS: '0',
      BATCH_TIMEOUT_SECONDS: `${BATCH_TIMEOUT_SECONDS}`,
    }
    const service = await new ServiceProcess(runtime, env).ready()
    try {
      const held = service.predict(['slow slow'])
      await service.until('polarity_workers{state="busy"}', (workers) => workers === 1)
      service.signal('SIGSTOP')
      await sleep(2.2 * BATCH_TIMEOUT_SECONDS * 1000)
      service.signal('SIGCONT')
      expect((await held).status).toBe(200)
      expect(await service.metric('polarity_worker_restarts_total')).toBe(0)
    } finally {
      await service.stop()
    }
  })
})
