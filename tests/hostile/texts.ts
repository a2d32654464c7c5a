import { quantile } from '../../bench/statistics.ts'
import { ServiceProcess } from '../../harness/process.ts'
import { type Answer, all, askOn, send, tally, unseen } from './client.ts'
import { digestOf } from './keys.ts'
import type { Circumstances, Part } from './part.ts'
import { type TextKind, textKinds } from './text-kinds.ts'

const SMALL_REQUESTS = 8
const TEXTS_OF_LARGE = 98
const EXPLAINED_REQUESTS = 4
/** The default of EXPLAIN_MAX_TEXTS. */
const EXPLAINED_TEXTS = 8
const CALM_ASKS = 60
const EVERY_MS = 25
/** How long the other caller is watched: what takes longer has broken the bound. */
const WATCH_MS = 8000
/** One batch of long texts that is already running, on a machine that others use as well. */
const FLOOR_MS = 150

const KEYS = { API_KEYS: `${digestOf('attacker')},${digestOf('other')}` }
const ATTACKER = { 'x-api-key': 'attacker' }
const OTHER = { 'x-api-key': 'other' }

/** Texts made to be slow, by one caller, while another one asks for single new texts. */
export const texts: Part = async (circumstances) => {
  const { runtime, seed } = circumstances
  const start = () => new ServiceProcess(runtime, { ...KEYS, DRAIN_SECONDS: '0' }).ready()
  let service = await start()
  try {
    for (const kind of textKinds(seed)) {
      for (const attack of [smallRequests, largeRequest, explainedRequests]) {
        const held = await withOther(service, circumstances, attack(kind))
        if (held) continue
        // What is left of the attack would be held against the next one.
        await service.stop()
        service = await start()
      }
    }
  } finally {
    await service.stop()
  }
}

/** What is sent is made beforehand: making it keeps this process from reading the other's answers. */
interface Attack {
  readonly name: string
  readonly bodies: readonly string[]
}

const smallRequests = ({ name, next }: TextKind): Attack => ({
  name: `${SMALL_REQUESTS} requests of ${name}`,
  bodies: Array.from({ length: SMALL_REQUESTS }, () => JSON.stringify({ text: [next()] })),
})

/** One body just below MAX_BODY_BYTES, or as much of the kind as fits into it. */
function largeRequest({ name, next }: TextKind): Attack {
  const text = [next()]
  const bytes = Buffer.byteLength(JSON.stringify(text))
  const count = Math.min(TEXTS_OF_LARGE, Math.floor(1_900_000 / bytes))
  while (text.length < count) text.push(next())
  return { name: `a body of ${name}`, bodies: [JSON.stringify({ text })] }
}

/** As many texts as may be explained, several times: each becomes up to 80 variants of itself. */
const explainedRequests = ({ name, next }: TextKind): Attack => ({
  name: `${EXPLAINED_REQUESTS} requests that explain ${name}`,
  bodies: Array.from({ length: EXPLAINED_REQUESTS }, () =>
    JSON.stringify({ text: Array.from({ length: EXPLAINED_TEXTS }, next), explain: true }),
  ),
})

async function withOther(
  { url }: ServiceProcess,
  { runtime, report, slack }: Circumstances,
  attack: Attack,
): Promise<boolean> {
  const calm: Answer[] = []
  for (let i = 0; i < 10; i++) await askOther(url)
  while (calm.length < CALM_ASKS) calm.push(await askOther(url))
  const other = askOn(() => askOther(url), EVERY_MS)
  const attackers = Promise.all(attack.bodies.map((body) => send(url, body, { headers: ATTACKER })))
  const ended = await Promise.race([attackers, after(WATCH_MS)])
  const answers = await other.stop()
  const before = quantile(times(calm), 0.99)
  const during = quantile(times(answers), 0.99)
  const bound = (2 * before + FLOOR_MS) * slack
  const held = during <= bound && all(answers, 200) && (!ended || all(ended, 200, 413, 429))
  report.add({
    attack: `${runtime} texts: ${attack.name}`,
    held,
    figure: `other caller's p99 ${before.toFixed(0)} -> ${during.toFixed(0)} ms, ${tally(answers)}; attacker ${ended ? tally(ended) : 'still waits'}`,
    bound: `${bound.toFixed(0)} ms`,
  })
  // The next attack starts when this one is over.
  if (held && !ended) await attackers
  return held
}

const askOther = (url: string) =>
  send(url, JSON.stringify({ text: [unseen()] }), { headers: OTHER, timeoutMs: WATCH_MS })

const times = (answers: readonly Answer[]) => answers.map(({ ms }) => ms)

const after = (ms: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref())
