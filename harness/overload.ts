import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { runtimePath } from './process.ts'

/** Whom to send how much: open arrivals, which wait for no answer. */
export interface OverloadTarget {
  readonly url: string
  /** API key; none by default. */
  readonly key?: string | undefined
  readonly textsPerRequest: number
  readonly requestsPerSecond: number
  /** Part of every text, so that two senders share none. */
  readonly name: string
}

const OverloadResult = z.object({
  /** Requests by status, or by why there was none. */
  statuses: z.record(z.string(), z.number()),
  /** Texts that were answered with 200 while requests were sent, a second. */
  textsPerSecond: z.number(),
  /** Milliseconds of each 200, from the time when it was due to be sent. */
  answered: z.array(z.number()),
  /** Milliseconds of each 429. */
  refused: z.array(z.number()),
  /** The largest Retry-After, in seconds. */
  retryAfter: z.number(),
  /** Milliseconds of CPU that the sender took for a request. */
  senderMs: z.number(),
})

export type OverloadResult = z.infer<typeof OverloadResult>

/** Texts that nobody has sent before, if `name` and `id` are new together: of one length, if the ids are. */
export const newTexts = (name: string, id: string, count: number): string[] =>
  Array.from(
    { length: count },
    (_, i) => `The ${name} film of number ${id} ${1e6 + i} was a joy to watch`,
  )

/**
 * Sends new texts for so many seconds, then waits for what is open. From a process of its own, which
 * may be bound to a core: it must not slow who measures.
 */
export async function sendOverload(
  target: OverloadTarget,
  seconds: number,
  core?: string,
): Promise<OverloadResult> {
  const entry = join(import.meta.dirname, 'overload-process.ts')
  const command = [runtimePath('bun'), entry, JSON.stringify(target), String(seconds)]
  const [file = '', ...args] = core ? ['taskset', '-c', core, ...command] : command
  const { stdout } = await promisify(execFile)(file, args, { maxBuffer: 1e9 })
  return OverloadResult.parse(JSON.parse(stdout))
}
