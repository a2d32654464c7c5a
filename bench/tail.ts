import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RUNTIMES, ServiceProcess } from '../harness/process.ts'
import { send, toBody } from './client.ts'
import { quantile } from './statistics.ts'
import { REMEMBERED } from './texts.ts'

const PROBES = 1500
/** Pause between two probes in milliseconds, far below saturation. */
const PAUSE_MS = 5
const HOT = toBody(REMEMBERED)

/** p99 of cache hits and of `/health` in milliseconds: idle, then with all workers saturated. */
export async function measureTail(runtime: (typeof RUNTIMES)[number], textsFile: string) {
  const service = await new ServiceProcess(runtime, { DRAIN_SECONDS: '0' }).ready()
  await send(`${service.url}/predict`, HOT)
  await probe(service.url) // Warm-up.
  const idle = await probe(service.url)

  const flood = spawn(process.execPath, ['bench/flood.ts', service.url, textsFile])
  await service.until('polarity_queue_texts', (texts) => texts > 64)
  const busy = await probe(service.url)
  flood.kill()
  await service.stop()

  const ratio = { cached: busy.cached / idle.cached, health: busy.health / idle.health }
  return { runtime, idle_p99_ms: idle, saturated_p99_ms: busy, ratio }
}

async function probe(url: string) {
  const times = { cached: [] as number[], health: [] as number[] }
  for (let i = 0; i < PROBES; i++) {
    times.cached.push(await send(`${url}/predict`, HOT))
    await sleep(PAUSE_MS)
    times.health.push(await send(`${url}/health`))
    await sleep(PAUSE_MS)
  }
  return { cached: quantile(times.cached, 0.99), health: quantile(times.health, 0.99) }
}
