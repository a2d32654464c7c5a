import { z } from 'zod'
import { type RUNTIMES, ServiceProcess } from '../harness/process.ts'
import { median } from './statistics.ts'

const Ready = z.object({ start_seconds: z.number() })
const STARTS = 7

/** Median seconds from process start until ready (model warm), over several starts. */
export async function measureStart(runtime: (typeof RUNTIMES)[number]) {
  const seconds: number[] = []
  for (let i = 0; i < STARTS; i++) {
    const service = new ServiceProcess(runtime)
    seconds.push(Ready.parse(await service.waitFor('ready')).start_seconds)
    await service.stop()
  }
  return { runtime, median_seconds: median(seconds), all_seconds: seconds }
}
