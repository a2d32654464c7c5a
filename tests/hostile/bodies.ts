import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { quantile } from '../../bench/statistics.ts'
import { ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { type Answer, all, ask, askOn, send, tally } from './client.ts'
import type { Circumstances, Part } from './part.ts'

const SECONDS = 4
const ENV = {
  MODEL: TINY_MODEL,
  WORKERS: '1',
  DRAIN_SECONDS: '0',
  REQUEST_TIMEOUT_SECONDS: String(SECONDS),
}
const HEAD = 'POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
const BOMB_BYTES = 200_000_000
const BOMBS = 12
const DRIPS = 300
/** What may still be read and thrown away of a body that is refused. */
const DISCARDED_BYTES = 16_000_000
const MEGABYTE = 1_000_000

/** Bodies that never end, that come byte by byte, or that unfold. */
export const bodies: Part = async (circumstances) => {
  const service = await new ServiceProcess(circumstances.runtime, ENV).ready()
  try {
    await drip(service, circumstances)
    await endless(service, circumstances)
    await bombs(service, circumstances)
  } finally {
    await service.stop()
  }
}

async function connect(service: ServiceProcess, text: string): Promise<Socket> {
  const socket = await service.connect(text)
  return socket.on('error', () => undefined).resume()
}

/** Connections that send a byte now and then, each for longer than a request may take. */
async function drip(service: ServiceProcess, { runtime, report, slack }: Circumstances) {
  const sockets: Socket[] = []
  for (let i = 0; i < DRIPS; i++)
    sockets.push(await connect(service, `${HEAD}Content-Length: 100000\r\n\r\n{`))
  const health = askOn(() => ask(service.url), 10)
  await dripUntilClosed(sockets, (SECONDS + 3) * 1000 * slack)
  const probes = await health.stop()
  const times = probes.map(({ ms }) => ms)
  const p99 = quantile(times, 0.99)
  const left = openOf(sockets).length
  for (const socket of sockets) socket.destroy()
  report.add({
    attack: `${runtime} bodies: ${DRIPS} that come byte by byte`,
    held: left === 0 && all(probes, 200) && p99 < 100 * slack,
    figure: `${left} still open, /health p99 ${p99.toFixed(0)} ms`,
    bound: `all ended after ${SECONDS + 3} s, ${100 * slack} ms`,
  })
}

const openOf = (sockets: readonly Socket[]) => sockets.filter(({ destroyed }) => !destroyed)

async function dripUntilClosed(sockets: readonly Socket[], milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds
  for (let open = openOf(sockets); open.length > 0; open = openOf(sockets)) {
    if (performance.now() > end) return
    for (const socket of open) socket.write(' ')
    await sleep(200)
  }
}

/** A chunked body without an end: how much of it is read? */
async function endless(service: ServiceProcess, { runtime, report }: Circumstances) {
  const socket = createConnection({ port: Number(new URL(service.url).port), host: '127.0.0.1' })
  let closed = false
  let text = ''
  socket.on('error', () => undefined)
  socket.on('data', (data) => {
    text += data
  })
  socket.once('close', () => {
    closed = true
  })
  await once(socket, 'connect')
  socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`)
  const chunk = Buffer.from(`10000\r\n${' '.repeat(65_536)}\r\n`)
  for (let idle = 0; !closed && idle < 300 && socket.bytesWritten < 4 * DISCARDED_BYTES; idle++) {
    if (socket.writableLength > MEGABYTE) {
      await sleep(10)
      continue
    }
    idle = 0
    socket.write(chunk)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const sent = socket.bytesWritten - socket.writableLength
  socket.destroy()
  const status = /HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 'none'
  report.add({
    attack: `${runtime} bodies: chunks without an end`,
    held: status === '413' && sent <= DISCARDED_BYTES,
    figure: `${status}, ${(sent / MEGABYTE).toFixed(1)} MB taken, ${closed ? 'closed' : 'left open'}`,
    bound: `413, ${DISCARDED_BYTES / MEGABYTE} MB`,
  })
}

/** Small bodies that unfold to large ones. */
async function bombs(service: ServiceProcess, { runtime, report, slack }: Circumstances) {
  const inner = gzipSync(Buffer.alloc(BOMB_BYTES, ' '))
  const kinds = {
    'that unfold to 200 MB': { body: inner, encoding: 'gzip' },
    'folded twice': { body: gzipSync(inner), encoding: 'gzip, gzip' },
    'of a kind that nobody knows': { body: inner, encoding: 'br, x' },
    'that are cut off': { body: inner.subarray(0, 50_000), encoding: 'gzip' },
    'that are none': { body: Buffer.from('{"text":["a"]}'), encoding: 'gzip' },
  }
  for (const [name, { body, encoding }] of Object.entries(kinds)) {
    const before = await service.metric('process_resident_memory_bytes')
    const health = askOn(() => ask(service.url), 10)
    const headers = { 'content-encoding': encoding }
    const answers: Answer[] = await Promise.all(
      Array.from({ length: BOMBS }, () => send(service.url, body, { headers })),
    )
    const worst = Math.max(...(await health.stop()).map(({ ms }) => ms))
    const grown = ((await service.metric('process_resident_memory_bytes')) - before) / MEGABYTE
    report.add({
      attack: `${runtime} bodies: ${BOMBS} ${name}`,
      held: all(answers, 400, 413, 415, 429, 503) && worst < 150 * slack && grown < 150,
      figure: `${tally(answers)}, /health at most ${worst.toFixed(0)} ms, ${grown.toFixed(0)} MB more`,
      bound: `400, 413, 415, 429 or 503, ${150 * slack} ms, 150 MB`,
    })
  }
}
