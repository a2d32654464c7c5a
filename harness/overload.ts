import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { Arrivals } from './arrivals.ts'
import { LightClient } from './light-client.ts'

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

const MOST_CONNECTIONS = 16_384

/** Sends new texts for so many seconds, then waits for what is open. */
export async function overload(target: OverloadTarget, seconds: number): Promise<OverloadResult> {
  const client = new LightClient(target.url, MOST_CONNECTIONS)
  const statuses: Record<string, number> = {}
  const answered: number[] = []
  const refused: number[] = []
  let [texts, longest, sent] = [0, 0, 0]
  const endsAt = performance.now() + seconds * 1000
  const arrivals = new Arrivals(target.requestsPerSecond, async (number, dueAt) => {
    sent++
    const { status, retryAfter } = await send(client, target, number)
    const now = performance.now()
    statuses[status] = (statuses[status] ?? 0) + 1
    if (status === '200') answered.push(now - dueAt)
    if (status === '429') refused.push(now - dueAt)
    if (status === '200' && now < endsAt) texts += target.textsPerRequest
    longest = Math.max(longest, retryAfter)
  })
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  const { user, system } = process.cpuUsage()
  const senderMs = (user + system) / 1000 / sent
  await arrivals.stop()
  client.close()
  return {
    statuses,
    textsPerSecond: texts / seconds,
    answered,
    refused,
    retryAfter: longest,
    senderMs,
  }
}

/** Texts that nobody has sent before, if `name` and `number` are new together: of one length each. */
export const newTexts = (name: string, number: number, count: number): string[] =>
  Array.from(
    { length: count },
    (_, i) => `The ${name} film of number ${1e6 + number} ${1e6 + i} was a joy to watch`,
  )

function send(client: LightClient, target: OverloadTarget, number: number) {
  const { key, name, textsPerRequest } = target
  // Not by JSON.stringify: what the sender takes, the service lacks.
  const texts = newTexts(name, number, textsPerRequest).join('","')
  return client.post('/predict', `{"text":["${texts}"]}`, key ? `x-api-key: ${key}\r\n` : '')
}

/** `overload` from a process of its own, which may be bound to a core: it must not slow who measures. */
export async function overloadFromProcess(
  target: OverloadTarget,
  seconds: number,
  core?: string,
): Promise<OverloadResult> {
  const entry = join(import.meta.dirname, 'overload-process.ts')
  const command = [process.execPath, entry, JSON.stringify(target), String(seconds)]
  const [file = '', ...args] = core ? ['taskset', '-c', core, ...command] : command
  const { stdout } = await promisify(execFile)(file, args, { maxBuffer: 1e9 })
  return OverloadResult.parse(JSON.parse(stdout))
}
