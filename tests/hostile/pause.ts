import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceProcess } from '../../harness/process.ts'
import { all, ask, predict, tally, unseen } from './client.ts'
import type { Part } from './part.ts'

const BATCH_SECONDS = 2
const PAUSE_MS = 5000
const REQUESTS = 4

/** The whole process stands still under work for longer than a batch may take. */
export const pause: Part = async ({ runtime, report }) => {
  const env = { DRAIN_SECONDS: '0', BATCH_TIMEOUT_SECONDS: String(BATCH_SECONDS) }
  const service = await new ServiceProcess(runtime, env).ready()
  try {
    const texts = () => Array.from({ length: 30 }, () => `${unseen()} ${'It goes on. '.repeat(30)}`)
    const asked = Promise.all(Array.from({ length: REQUESTS }, () => predict(service.url, texts())))
    await sleep(150)
    service.signal('SIGSTOP')
    await sleep(PAUSE_MS)
    service.signal('SIGCONT')
    const live = await ask(service.internalUrl, { path: '/livez' })
    const answers = await asked
    const later = await ask(service.internalUrl, { path: '/livez' })
    const restarts = await service.metric('polarity_worker_restarts_total')
    report.add({
      attack: `${runtime} pause: ${PAUSE_MS / 1000} s under work`,
      held: restarts === 0 && live.status === 200 && later.status === 200 && all(answers, 200, 429),
      figure: `${restarts} workers replaced, /livez ${live.status} and ${later.status}, ${tally(answers)}`,
      bound: 'none, 200 and 200, only 200 or 429',
    })
  } finally {
    if (service.pid) service.signal('SIGCONT')
    await service.stop()
  }
}
