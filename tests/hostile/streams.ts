import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { quantile } from '../../bench/statistics.ts'
import { ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { all, ask, askOn, predict, tally, unseen } from './client.ts'
import { digestOf } from './keys.ts'
import type { Circumstances, Part } from './part.ts'
import { createRandom } from './random.ts'
import { openStream, type Streamed } from './stream-client.ts'

const SECONDS = 3
const MOST_STREAMS = 64
const ENV = {
  MODEL: TINY_MODEL,
  WORKERS: '1',
  DRAIN_SECONDS: '0',
  BODY_TIMEOUT_SECONDS: String(SECONDS),
  REQUEST_TIMEOUT_SECONDS: String(SECONDS),
  MAX_STREAMS: String(MOST_STREAMS),
  API_KEYS: `${digestOf('many')},${digestOf('other')}`,
}
const NDJSON = { 'x-api-key': 'many', 'content-type': 'application/x-ndjson' }
const CSV = { ...NDJSON, 'content-type': 'text/csv' }
const MEGABYTE = 1_000_000
/** For 30 streams, with what waits to be collected; Bun hands out a megabyte and a half at a time. */
const MOST_MEGABYTES = { node: 300, bun: 400 }
const PIECE = 65_536
const PAUSE_MS = 20

type Sending = Parameters<typeof openStream>[1]

interface Attack {
  readonly count: number
  readonly sending: (number: number) => Sending
  /** Whether the service must end them all by itself. */
  readonly endsAll?: boolean
  /** What must have become of them. */
  readonly ends?: (streamed: readonly Streamed[]) => boolean
}

/** With pauses, so that the sender does not hold up its own questions beside it. */
async function* repeated(piece: string, times: number): AsyncGenerator<string> {
  for (let i = 0; i < times; i++) {
    yield piece
    await sleep(PAUSE_MS)
  }
}
const endless = (piece: string) => repeated(piece, Number.POSITIVE_INFINITY)
const rows = (row: string) => row.repeat(Math.ceil(PIECE / row.length))
const bomb = gzipSync(Buffer.alloc(200 * MEGABYTE, ' '))
const bombOfRows = gzipSync(rows('0\n').repeat(1000))

const ATTACKS: Record<string, Attack> = {
  'that send nothing': {
    count: 1000,
    sending: () => ({ headers: NDJSON, pieces: ['"a'], ends: false }),
    ends: (all) => all.every(({ status }) => status === 408 || status === 429),
  },
  'of rows without a text, as fast as they go': {
    count: 30,
    sending: () => ({ headers: NDJSON, pieces: endless(rows('0\n')) }),
  },
  'of empty lines, as fast as they go': {
    count: 30,
    sending: () => ({ headers: NDJSON, pieces: endless(rows('\n')) }),
  },
  'of a line without an end': {
    count: 30,
    sending: () => ({ headers: NDJSON, pieces: endless('x'.repeat(PIECE)) }),
    ends: (all) => all.every(({ status }) => status === 408 || status === 429),
  },
  'of quotes without an end': {
    count: 30,
    sending: () => ({
      headers: CSV,
      pieces: repeated(`text\n"${'x'.repeat(400_000)}\n`, 20),
    }),
    ends: (all) => all.every(({ status, end }) => status === 429 || end.includes('complete')),
  },
  'of crowded rows, deeply nested': {
    count: 30,
    sending: () => ({ headers: NDJSON, pieces: endless(`${'['.repeat(PIECE - 1)}\n`) }),
  },
  'whose client does not read': {
    count: 4,
    sending: () => ({ headers: NDJSON, pieces: endless(rows('0\n')), reads: false }),
    endsAll: true,
  },
  'that unfold to 200 MB without a row': {
    count: 20,
    sending: () => ({ headers: { ...NDJSON, 'content-encoding': 'gzip' }, pieces: [bomb] }),
    ends: (all) => all.every(({ status }) => status > 0),
  },
  'that unfold to 32 million rows': {
    count: 4,
    sending: () => ({ headers: { ...NDJSON, 'content-encoding': 'gzip' }, pieces: [bombOfRows] }),
  },
}

/** Streams of rows that are large, slow, endless, or none. */
export const streams: Part = async (circumstances) => {
  for (const [name, attack] of Object.entries(ATTACKS)) {
    const service = await new ServiceProcess(circumstances.runtime, ENV).ready()
    try {
      await beside(service, circumstances, { name, attack })
    } finally {
      await service.stop()
    }
  }
  const service = await new ServiceProcess(circumstances.runtime, ENV).ready()
  try {
    await random(service, circumstances)
  } finally {
    await service.stop()
  }
}

/** What another caller and the probes see while an attack goes on, and what is left after it. */
async function beside(
  service: ServiceProcess,
  { runtime, report, slack }: Circumstances,
  { name, attack }: { name: string; attack: Attack },
): Promise<void> {
  const { url } = service
  const other = { 'x-api-key': 'other' }
  await predict(url, [unseen()], other)
  const before = await service.metric('process_resident_memory_bytes')
  const health = askOn(() => ask(url), 20)
  const predictions = askOn(() => predict(url, [unseen()], other), 20)
  const streams = []
  for (let i = 0; i < attack.count; i++) {
    streams.push(openStream(url, attack.sending(i)))
    await sleep(2)
  }
  await sleep((2 * SECONDS + 1) * 1000)
  const [probes, answers] = [await health.stop(), await predictions.stop()]
  const none = (open: number) => open === 0
  if (attack.endsAll) await service.until('polarity_streams_open', none).catch(() => undefined)
  const open = await service.metric('polarity_streams_open')
  const grown = ((await service.metric('process_resident_memory_bytes')) - before) / MEGABYTE
  const ended = attack.ends ? await Promise.all(streams.map(({ ended }) => ended)) : []
  for (const { leave } of streams) leave()
  await service.until('polarity_streams_open', none)
  const p99 = quantile(
    [...probes, ...answers].map(({ ms }) => ms),
    0.99,
  )
  const mostOpen = attack.endsAll ? 0 : MOST_STREAMS / 2
  const held = all(probes, 200) && all(answers, 200) && p99 < 250 * slack
  report.add({
    attack: `${runtime} streams: ${attack.count} ${name}`,
    held:
      held && open <= mostOpen && grown < MOST_MEGABYTES[runtime] && (attack.ends?.(ended) ?? true),
    figure: `others ${tally(answers)}, p99 ${p99.toFixed(0)} ms, ${open} open, ${grown.toFixed(0)} MB more`,
    bound: `200, ${250 * slack} ms, ${mostOpen} open, ${MOST_MEGABYTES[runtime]} MB`,
  })
}

/** Bytes of all kinds, in pieces of all sizes: every answer comes to its end, or is an ordinary error. */
async function random(service: ServiceProcess, { runtime, report, seed }: Circumstances) {
  const below = createRandom(seed)
  const kinds = [
    '"',
    ',',
    '\n',
    '\r\n',
    'a',
    ' ',
    '{"text":"a"}',
    '\\',
    '\0',
    '\xff',
    '"a"\n',
    'text\n',
  ]
  const piece = () =>
    Buffer.from(
      Array.from({ length: below(40) }, () => kinds[below(kinds.length)]).join(''),
      'latin1',
    )
  const streamed: Streamed[] = []
  for (let i = 0; i < 300; i++) {
    const pieces = Array.from({ length: below(20) }, piece)
    const csv = i % 2 === 0
    const sent = csv ? [Buffer.from('text,n\n'), ...pieces] : pieces
    streamed.push(
      await openStream(service.url, { headers: csv ? CSV : NDJSON, pieces: sent }).ended,
    )
  }
  const whole = streamed.filter(({ status, end }) => status === 200 && /"complete"+:true/.test(end))
  const bugs = await service.metric('polarity_rejected_total{code="internal"}')
  report.add({
    attack: `${runtime} streams: 300 of random bytes`,
    held: whole.length === streamed.length && bugs === 0,
    figure: `${whole.length} answered to their end, ${bugs} internal errors`,
    bound: 'all, none',
  })
}
