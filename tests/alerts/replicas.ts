import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../harness/free-port.ts'
import { ServiceProcess } from '../../harness/process.ts'
import { RedisServer } from '../../harness/redis-server.ts'
import { readSentences } from '../../harness/sentences.ts'
import { HOSTILE, SlowTokenizerModel } from '../../harness/slow-tokenizer.ts'

/** A deployment of its own, with one replica. */
export interface Replica {
  /** What Prometheus scrapes. */
  readonly address: string
  close(): Promise<void>
}

const TEXTS = readSentences().map(({ text }) => text)
const textAt = (number: number) => TEXTS[number % TEXTS.length] ?? ''

/** Sends something again and again until it is ended. */
function repeat(pauseMs: number, send: (number: number) => Promise<unknown>): () => Promise<void> {
  let ended = false
  const run = async () => {
    for (let number = 0; !ended; number++) {
      await send(number).catch(() => undefined)
      await sleep(pauseMs)
    }
  }
  const running = run()
  return () => {
    ended = true
    return running
  }
}

const ask = async (service: ServiceProcess, texts: readonly string[]) =>
  (await service.predict(texts)).arrayBuffer()

const addressOf = ({ internalUrl }: ServiceProcess) => new URL(internalUrl).host

/** With Redis and ordinary load: texts that were asked before, and some new ones. */
export async function openHealthy(): Promise<Replica> {
  const redis = await RedisServer.start()
  const service = await new ServiceProcess('bun', { REDIS_URL: redis.url }).ready()
  const end = repeat(100, (number) => ask(service, [textAt(number), `${textAt(number)} ${number}`]))
  return {
    address: addressOf(service),
    async close() {
      await end()
      await service.stop()
      await redis.close()
    },
  }
}

/** Its Redis is not there. */
export async function openWithoutRedis(): Promise<Replica> {
  const REDIS_URL = `redis://127.0.0.1:${await freePort()}`
  const service = await new ServiceProcess('bun', { REDIS_URL, WORKERS: '1' }).ready()
  const end = repeat(500, (number) => ask(service, [`${textAt(number)} ${number}`]))
  return {
    address: addressOf(service),
    async close() {
      await end()
      await service.stop()
    },
  }
}

/** A text hangs its tokenizer, and no new one can be opened. */
export async function openWithoutTokenizer(): Promise<Replica> {
  const model = await SlowTokenizerModel.create()
  const service = await new ServiceProcess('bun', {
    MODEL: model.folder,
    WORKERS: '1',
    BATCH_TIMEOUT_SECONDS: '15',
  }).ready()
  await model.breakTokenizer()
  await ask(service, [HOSTILE])
  return {
    address: addressOf(service),
    async close() {
      await service.stop()
      await model.remove()
    },
  }
}

/** More arrives at once than its queue holds, again and again. */
export async function openOverloaded(): Promise<Replica> {
  const service = await new ServiceProcess('bun', { MAX_QUEUE_TOKENS: '200', WORKERS: '1' }).ready()
  const end = repeat(1000, (number) =>
    Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        ask(service, [`${`${textAt(i)} `.repeat(3)} ${number}`]),
      ),
    ),
  )
  return {
    address: addressOf(service),
    async close() {
      await end()
      await service.stop()
    },
  }
}

/** Nobody is there. */
export async function openGone(): Promise<Replica> {
  return { address: `127.0.0.1:${await freePort()}`, async close() {} }
}
