import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { type Answer, ask, predict } from './client.ts'
import { type MemoryLimit, openMemoryLimit } from './memory-limit.ts'
import type { Circumstances, Part } from './part.ts'

const MEBIBYTE = 1_048_576
/** The limit of the project's own manifests. */
const LIMIT = 768 * MEBIBYTE
const CONNECTIONS = 1000
const BODY = 1_999_900
const HOLD_MS = 3000

/** Many bodies of which the last bytes never come, under a limit of memory. */
export const memory: Part = async (circumstances) => {
  const { runtime, report } = circumstances
  for (const kind of ['Content-Length', 'chunks'] as const) {
    let limit: MemoryLimit
    try {
      limit = openMemoryLimit(LIMIT)
    } catch (error) {
      const why = error instanceof Error ? error.message : `${error}`
      report.skip(`${runtime} memory: unfinished bodies`, `${why}; it needs root`)
      return
    }
    await holdBodies(circumstances, limit, kind)
    limit.close()
  }
}

async function holdBodies(
  { runtime, report }: Circumstances,
  limit: MemoryLimit,
  kind: 'Content-Length' | 'chunks',
): Promise<void> {
  const env = { MODEL: TINY_MODEL, WORKERS: '2', DRAIN_SECONDS: '0' }
  const service = new ServiceProcess(runtime, env)
  limit.add(service.pid)
  await service.ready()
  const gone = service.exit().then((code) => `ended by ${code}`)
  const sockets: Socket[] = []
  try {
    const holding = holdAll(service, sockets, kind)
    const early = await Promise.race([gone, holding])
    const answers: Answer[] = []
    if (early === undefined) {
      await sleep(HOLD_MS)
      answers.push(await ask(service.url), await predict(service.url, ['I love it']))
    }
    const ended = early ?? (await Promise.race([gone, sleep(100)]))
    const statuses = answers.map(({ status }) => status || 'none').join(' and ')
    report.add({
      attack: `${runtime} memory: ${CONNECTIONS} unfinished bodies by ${kind}`,
      held: !ended && answers[0]?.status === 200,
      figure: ended
        ? `${ended} at ${sockets.length} connections`
        : `at most ${(limit.peak() / MEBIBYTE).toFixed(0)} MiB, another caller gets ${statuses}`,
      bound: `lives within ${LIMIT / MEBIBYTE} MiB, /health 200`,
    })
  } finally {
    for (const socket of sockets) socket.destroy()
    await service.stop()
  }
}

async function holdAll(
  service: ServiceProcess,
  sockets: Socket[],
  kind: 'Content-Length' | 'chunks',
): Promise<undefined> {
  const framing = kind === 'chunks' ? 'Transfer-Encoding: chunked' : `Content-Length: ${BODY}`
  const start = kind === 'chunks' ? `${(BODY - 100).toString(16)}\r\n{` : '{'
  const head = `POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${framing}\r\n\r\n${start}`
  const rest = Buffer.alloc(BODY - 1000, ' ')
  for (let i = 0; i < CONNECTIONS; i++) {
    const port = Number(new URL(service.url).port)
    const socket = createConnection({ port, host: '127.0.0.1' })
    socket.on('error', () => undefined).resume()
    sockets.push(socket)
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    if (!connected) break
    socket.write(head)
    socket.write(rest)
    // The bytes are to leave this process, or be refused, before the next ones come.
    for (let waited = 0; waited < 50 && socket.writableLength > 0; waited++) await sleep(2)
  }
  return undefined
}
