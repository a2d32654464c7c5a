import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { Runtime } from '../../harness/process.ts'
import { Activator } from './activator.ts'

/** Milliseconds of one cold start, by what they were spent on. */
export interface ColdStart {
  /** From the request to its whole answer; the sum of all others. */
  readonly answer: number
  /** Until the service's first log line: the process, and its imports. */
  readonly process: number
  /** Reading and digesting the model's files, and the ports. */
  readonly verify: number
  /** Starting threads, and what no thread was seen to do. */
  readonly threads: number
  /** Loading the weights, in the slowest thread, as the next two. */
  readonly load: number
  readonly selfTest: number
  readonly pace: number
  /** From the log line `ready` on: until the activator has noticed, and for the answer itself. */
  readonly first: number
}

const Line = z.looseObject({ event: z.string(), time: z.iso.datetime() })
const Warm = z.looseObject({ load_ms: z.number(), self_test_ms: z.number(), pace_ms: z.number() })

/** Sends one request to an activator that has nothing running, and ends what it started. */
export async function measureColdStart(
  runtime: Runtime,
  env: Record<string, string>,
): Promise<ColdStart> {
  const activator = new Activator(runtime, { LOG_FORMAT: 'json', DRAIN_SECONDS: '0', ...env })
  try {
    const url = await activator.listen()
    const sentAt = Date.now()
    const response = await fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: ['This starts a process.'] }),
    })
    const body = await response.text()
    const answeredAt = Date.now()
    if (response.status !== 200) throw new Error(`${response.status}: ${body}`)
    const ended = await activator.scaleToZero()
    if (ended?.code !== 0) throw new Error(`The service exited with ${ended?.code}.`)
    return split(ended.log, { sentAt, answeredAt })
  } finally {
    await activator.close()
  }
}

function split(
  log: readonly unknown[],
  { sentAt, answeredAt }: { sentAt: number; answeredAt: number },
): ColdStart {
  const lines = log.map((line) => Line.parse(line))
  const of = (event: string) => lines.find((line) => line.event === event)
  const at = (event: string) => Date.parse(of(event)?.time ?? '')
  const warm = Warm.parse(of('warm'))
  const inThreads = warm.load_ms + warm.self_test_ms + warm.pace_ms
  return {
    answer: answeredAt - sentAt,
    process: at('starting') - sentAt,
    verify: at('warming') - at('starting'),
    threads: Math.round(at('ready') - at('warming') - inThreads),
    load: Math.round(warm.load_ms),
    selfTest: Math.round(warm.self_test_ms),
    pace: Math.round(warm.pace_ms),
    first: answeredAt - at('ready'),
  }
}

/** Makes the kernel forget what it has read of files, which takes root. False where it may not. */
export function dropPageCache(): boolean {
  try {
    spawnSync('sync')
    writeFileSync('/proc/sys/vm/drop_caches', '3')
    return true
  } catch {
    return false
  }
}
