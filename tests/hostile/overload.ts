import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from '../../bench/statistics.ts'
import { newTexts, type OverloadTarget, sendOverload } from '../../harness/overload.ts'
import { ServiceProcess } from '../../harness/process.ts'
import { type Answer, all, askOn, predict, tally } from './client.ts'
import { digestOf } from './keys.ts'
import type { Circumstances, Part, Runtime } from './part.ts'

const TIMES = 10
const CALM_SECONDS = 3
const CALM_ROUNDS = 2
const CALM_CONNECTIONS = 32
const MOST_REQUESTS_PER_SECOND = 3000
const RECOVERY_MS = 2000
/** Until the process that sends has started. */
const SENDER_START_MS = 300
/** Beside every factor on a time. */
const FLOOR_MS = 50
const HIT = ['A text that everybody asks.']
const ENV = { DRAIN_SECONDS: '0', API_KEYS: `${digestOf('flood')},${digestOf('other')}` }
const FLOOD = { 'x-api-key': 'flood' }
const OTHER = { 'x-api-key': 'other' }
/** The sender's own requests that were admitted last: MAX_QUEUE_SECONDS, and as long as others. */
const OWN_RECOVERY_MS = 5000 + RECOVERY_MS
const SHAPES = { 'one text': 1, 'twenty texts': 20 }

/** Ten times as many texts as the service can answer, from a sender that does not wait. */
export const overload: Part = async (circumstances) => {
  for (const [name, texts] of Object.entries(SHAPES)) {
    const service = await new ServiceProcess(circumstances.runtime, ENV).ready()
    try {
      await flood(service, circumstances, { name, texts })
    } finally {
      await service.stop()
    }
  }
}

let number = 0
/** As long as those of the flood. */
const fresh = (count: number) => newTexts('calm', String(1e6 + number++), count)
const p99 = (answers: readonly Answer[]) =>
  quantile(
    answers.map(({ ms }) => ms),
    0.99,
  )

/** Texts a second, from callers that wait for each answer: the mean of some rounds, after one that warms up. */
async function calmRate(url: string, texts: number): Promise<number> {
  await calmRound(url, texts)
  let sum = 0
  for (let round = 0; round < CALM_ROUNDS; round++) sum += await calmRound(url, texts)
  return sum / CALM_ROUNDS
}

async function calmRound(url: string, texts: number): Promise<number> {
  const end = performance.now() + CALM_SECONDS * 1000
  let answered = 0
  const call = async () => {
    while (performance.now() < end) {
      const { status } = await predict(url, fresh(texts), FLOOD)
      if (status === 200 && performance.now() < end) answered += texts
    }
  }
  await Promise.all(Array.from({ length: CALM_CONNECTIONS }, call))
  return answered / CALM_SECONDS
}

/**
 * The calm rate while the same flood goes to a server that only reads and answers: what is left when
 * the sender and the system have had their share of the cores, whatever the service does. Said beside
 * the figure; the bound is the calm rate itself.
 */
async function rateBesideFlood(runtime: Runtime, target: OverloadTarget): Promise<number> {
  const bare = await new ServiceProcess(runtime, {}, `bench/bare-${runtime}.ts`).ready()
  const seconds = SENDER_START_MS / 1000 + (1 + CALM_ROUNDS) * CALM_SECONDS
  const flooding = sendOverload({ ...target, url: bare.url }, seconds)
  try {
    await sleep(SENDER_START_MS)
    return await calmRate(target.url, target.textsPerRequest)
  } finally {
    await flooding
    await bare.stop()
  }
}

async function idle(url: string) {
  const hits: Answer[] = []
  const single: Answer[] = []
  await predict(url, HIT, FLOOD)
  for (let i = 0; i < 100; i++) {
    hits.push(await predict(url, HIT, FLOOD))
    single.push(await predict(url, fresh(1), OTHER))
  }
  return { hits: p99(hits), single: p99(single) }
}

async function flood(
  { url }: ServiceProcess,
  { runtime, report, slack, overloadSeconds }: Circumstances,
  { name, texts }: { name: string; texts: number },
): Promise<void> {
  const calm = await calmRate(url, texts)
  const before = await idle(url)
  const perSecond = Math.min((TIMES * calm) / texts, MOST_REQUESTS_PER_SECOND)
  const target = {
    url,
    key: 'flood',
    textsPerRequest: texts,
    requestsPerSecond: perSecond,
    name: 'flood',
  }
  const left = await rateBesideFlood(runtime, target)
  const hits = askOn(() => predict(url, HIT, FLOOD), 50)
  const flooding = sendOverload(target, overloadSeconds)
  await sleep(SENDER_START_MS + overloadSeconds * 1000)
  const endedAt = performance.now()
  const normal = 2 * before.single + FLOOR_MS
  const recoveredMs = await untilNormal(() => predict(url, fresh(1), OTHER), normal, endedAt)
  const ownRecoveredMs = await untilNormal(() => predict(url, fresh(1), FLOOD), normal, endedAt)
  const hitAnswers = await hits.stop()
  const { statuses, textsPerSecond: useful, senderMs } = await flooding

  const say = (what: string, held: boolean, [figure, bound]: [figure: string, bound: string]) =>
    report.add({ attack: `${runtime} overload, ${name} each: ${what}`, held, figure, bound })
  const hitsMs = p99(hitAnswers)
  const hitsBound = (3 * before.hits + FLOOR_MS) * slack
  const { 200: answered = 0, 429: refused = 0 } = statuses
  const total = Object.values(statuses).reduce((sum, count) => sum + count, 0)
  say('statuses', answered + refused === total, [
    `${JSON.stringify(statuses)} at ${perSecond.toFixed(0)} requests/s, of ${(senderMs * 1000).toFixed(0)} us each for their sender`,
    'only 200 and 429',
  ])
  const usefulBound = (0.8 * calm) / slack
  say('useful texts/s', useful >= usefulBound, [
    `${useful.toFixed(0)}, ${(useful / calm).toFixed(2)} of the calm ${calm.toFixed(0)}, ${(useful / left).toFixed(2)} of the ${left.toFixed(0)} beside a flood of a bare server`,
    usefulBound.toFixed(0),
  ])
  say("hits' p99", all(hitAnswers, 200) && hitsMs <= hitsBound, [
    `${before.hits.toFixed(1)} -> ${hitsMs.toFixed(1)} ms, ${tally(hitAnswers)}`,
    `${hitsBound.toFixed(0)} ms`,
  ])
  for (const [what, ms, bound] of [
    ['another caller is served as before', recoveredMs, RECOVERY_MS],
    ['the sender is served as before', ownRecoveredMs, OWN_RECOVERY_MS],
  ] as const) {
    say(what, ms <= bound * slack, [`${ms.toFixed(0)} ms after the end`, `${bound * slack} ms`])
  }
}

/** Milliseconds from `since` until requests are answered within a bound again, three times in a row. */
async function untilNormal(
  once: () => Promise<Answer>,
  boundMs: number,
  since: number,
): Promise<number> {
  let normalAt = performance.now()
  for (let inRow = 0; inRow < 3; ) {
    const { status, ms } = await once()
    const normal = status === 200 && ms <= boundMs
    inRow = normal ? inRow + 1 : 0
    if (!normal) normalAt = performance.now()
    if (performance.now() - since > 60_000) return Number.POSITIVE_INFINITY
    await sleep(20)
  }
  return normalAt - since
}
