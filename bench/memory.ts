import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RUNTIMES, ServiceProcess } from '../harness/process.ts'
import { residentMegabytes } from './resident.ts'

const MINUTE_MS = 60_000

/**
 * Resident memory of a saturated service in megabytes, once a minute. The ratio of the last to the
 * first minute shows whether it grows.
 */
export async function measureMemory(
  runtime: (typeof RUNTIMES)[number],
  { workers, minutes, textsFile }: { workers: number; minutes: number; textsFile: string },
) {
  const env = { WORKERS: String(workers), DRAIN_SECONDS: '0', CACHE_MEMORY_ENTRIES: '10000' }
  const service = await new ServiceProcess(runtime, env).ready()
  const megabytes = [residentMegabytes(service.pid)]
  const flood = spawn(process.execPath, ['bench/flood.ts', service.url, textsFile, '8', '8'])
  for (let minute = 0; minute < minutes; minute++) {
    await sleep(MINUTE_MS)
    megabytes.push(residentMegabytes(service.pid))
  }
  flood.kill()
  await service.stop()
  const growth = (megabytes.at(-1) ?? 0) / (megabytes[1] ?? 0)
  return { runtime, workers, growth_from_first_minute: growth, megabytes_by_minute: megabytes }
}
