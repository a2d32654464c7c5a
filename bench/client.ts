import { Agent, request } from 'node:http'

/** One keep-alive connection per request in flight. */
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })

/**
 * Sends a request; resolves with the milliseconds until the response was complete. Rejects unless
 * it is a 200.
 */
export function send(url: string, body?: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const startedAt = performance.now()
  const options = { agent, method: body === undefined ? 'GET' : 'POST' }
  const sent = request(url, options, (response) => {
    response.resume()
    response.once('end', () => {
      if (response.statusCode === 200) resolve(performance.now() - startedAt)
      else reject(new Error(`${url} answered ${response.statusCode}`))
    })
  })
  sent.once('error', reject)
  sent.end(body)
  return promise
}

export const toBody = (text: readonly string[]) => JSON.stringify({ text })

/**
 * Sends every body once, `connections` at a time. Resolves with the total seconds and each latency
 * in milliseconds.
 */
export async function sendAll(url: string, bodies: readonly string[], connections: number) {
  const waiting = bodies.values()
  const milliseconds: number[] = []
  const startedAt = performance.now()
  const connection = async () => {
    for (const body of waiting) milliseconds.push(await send(url, body))
  }
  await Promise.all(Array.from({ length: connections }, connection))
  return { seconds: (performance.now() - startedAt) / 1000, milliseconds }
}
