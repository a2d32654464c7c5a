import { Agent, request } from 'node:http'
import { Arrivals } from './arrivals.ts'

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

interface OverloadResult {
  /** Requests by status; 0: the connection failed. */
  readonly statuses: Readonly<Record<string, number>>
  /** Texts that were answered with 200 while requests were sent, a second. */
  readonly textsPerSecond: number
  /** Milliseconds of each 200, from the time when it was due to be sent. */
  readonly answered: readonly number[]
  /** Milliseconds of each 429. */
  readonly refused: readonly number[]
  /** The largest Retry-After, in seconds. */
  readonly retryAfter: number
}

/** Sends new texts for so many seconds, then waits for what is open. */
export async function overload(target: OverloadTarget, seconds: number): Promise<OverloadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: 4096 })
  const statuses: Record<string, number> = {}
  const answered: number[] = []
  const refused: number[] = []
  let [texts, retryAfter] = [0, 0]
  const endsAt = performance.now() + seconds * 1000
  const arrivals = new Arrivals(target.requestsPerSecond, async (number, dueAt) => {
    const { status, retry } = await send(agent, target, number)
    const now = performance.now()
    statuses[status] = (statuses[status] ?? 0) + 1
    if (status === 200) answered.push(now - dueAt)
    if (status === 429) refused.push(now - dueAt)
    if (status === 200 && now < endsAt) texts += target.textsPerRequest
    retryAfter = Math.max(retryAfter, retry)
  })
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  await arrivals.stop()
  agent.destroy()
  return { statuses, textsPerSecond: texts / seconds, answered, refused, retryAfter }
}

function send(agent: Agent, { url, key, name, textsPerRequest }: OverloadTarget, number: number) {
  const text = Array.from(
    { length: textsPerRequest },
    (_, i) => `The ${name} film of number ${number} ${i} was a joy to watch`,
  )
  const headers = { 'content-type': 'application/json', ...(key && { 'x-api-key': key }) }
  const { promise, resolve } = Promise.withResolvers<{ status: number; retry: number }>()
  const sent = request(`${url}/predict`, { agent, method: 'POST', headers }, (response) => {
    response.resume()
    const status = response.statusCode ?? 0
    const retry = Number(response.headers['retry-after'] ?? 0)
    response.once('end', () => resolve({ status, retry }))
    response.once('error', () => resolve({ status: 0, retry }))
  })
  sent.once('error', () => resolve({ status: 0, retry: 0 }))
  sent.end(JSON.stringify({ text }))
  return promise
}
