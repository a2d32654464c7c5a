import { Arrivals } from './arrivals.ts'
import { LightClient } from './light-client.ts'
import { newTexts, type OverloadResult, type OverloadTarget } from './overload.ts'

/*
 * The sender of `sendOverload`, on Bun: the target in JSON, and seconds. What it takes of the CPU, a
 * service on the same cores lacks, so it takes as little as it can, and says how much.
 */

const MOST_CONNECTIONS = 16_384
/** Requests are sent together so often: each wake-up costs as much as a request. */
const INTERVAL_MS = 5
/** Stands in the texts for the number of a request, in as many digits. */
const ID = '#######'

async function send(target: OverloadTarget, seconds: number): Promise<OverloadResult> {
  const client = new LightClient(target.url, MOST_CONNECTIONS)
  const requestOf = requests(target)
  const result = {
    statuses: {} as Record<string, number>,
    answered: [] as number[],
    refused: [] as number[],
  }
  let [texts, retryAfter, sent] = [0, 0, 0]
  const endsAt = performance.now() + seconds * 1000
  const arrivals = new Arrivals(
    target.requestsPerSecond,
    async (number, dueAt) => {
      sent++
      const reply = await client.send(() => requestOf(number))
      const now = performance.now()
      result.statuses[reply.status] = (result.statuses[reply.status] ?? 0) + 1
      if (reply.status === '200') result.answered.push(now - dueAt)
      if (reply.status === '429') result.refused.push(now - dueAt)
      if (reply.status === '200' && now < endsAt) texts += target.textsPerRequest
      retryAfter = Math.max(retryAfter, reply.retryAfter)
    },
    INTERVAL_MS,
  )
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  const { user, system } = process.cpuUsage()
  const senderMs = (user + system) / 1000 / sent
  await arrivals.stop()
  client.close()
  return { ...result, textsPerSecond: texts / seconds, retryAfter, senderMs }
}

/** The bytes of each request: one buffer, in which only the number changes. To be sent before the next. */
function requests({ key, name, textsPerRequest }: OverloadTarget): (number: number) => Uint8Array {
  const body = JSON.stringify({ text: newTexts(name, ID, textsPerRequest) })
  const apiKey = key ? `x-api-key: ${key}\r\n` : ''
  const head = `POST /predict HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${apiKey}content-length: ${body.length}\r\n\r\n`
  const request = Buffer.from(head + body)
  const places: number[] = []
  for (let at = request.indexOf(ID); at >= 0; at = request.indexOf(ID, at + 1)) places.push(at)
  return (number) => {
    const id = String(1e6 + number)
    for (const place of places) request.write(id, place, 'latin1')
    return request
  }
}

const [target = '{}', seconds = '30'] = process.argv.slice(2)
process.stdout.write(JSON.stringify(await send(JSON.parse(target), Number(seconds))))
