import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { Redis } from 'ioredis'

export const TOKEN = 'a-token'

/** Upstash's REST API in front of a real Redis: a command or a pipeline of commands as JSON. */
export async function openUpstash(redisUrl: string) {
  const redis = new Redis(redisUrl)
  const server = createServer(async (request, response) => {
    const answer = await run(redis, request)
    response.statusCode = answer.error ? 401 : 200
    response.end(JSON.stringify(answer.error ?? answer.result))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      redis.disconnect()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function run(redis: Redis, request: IncomingMessage) {
  if (request.headers.authorization !== `Bearer ${TOKEN}`) {
    return { error: { error: 'WRONGPASS invalid or missing auth token' } }
  }
  const encode =
    request.headers['upstash-encoding'] === 'base64' ? toBase64 : (value: unknown) => value
  const call = async ([name = '', ...args]: string[]) => {
    try {
      return { result: encode(await redis.call(name, ...args.map(String))) }
    } catch (error) {
      return { error: String(error) }
    }
  }
  const body = (await json(request)) as string[] | string[][]
  const isPipeline = request.url === '/pipeline'
  return {
    result: isPipeline
      ? await Promise.all((body as string[][]).map(call))
      : await call(body as string[]),
  }
}

function toBase64(value: unknown): unknown {
  const encode = (item: unknown) =>
    typeof item === 'string' ? Buffer.from(item).toString('base64') : item
  if (Array.isArray(value)) return value.map(encode)
  return value === 'OK' ? value : encode(value)
}
