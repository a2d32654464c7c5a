import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from '../../bench/statistics.ts'
import { Arrivals } from '../../harness/arrivals.ts'
import { ServiceProcess } from '../../harness/process.ts'
import { type Answer, all, askOn, predict, tally, unseen } from './client.ts'
import type { Circumstances, Part } from './part.ts'

const TIMES = 10
const CALM_SECONDS = 3
const CALM_ROUNDS = 3
const CALM_CONNECTIONS = 32
const MOST_REQUESTS_PER_SECOND = 3000
const RECOVERY_MS = 2000
/** Beside every factor on a time. */
const FLOOR_MS = 50
const HIT = ['A text that everybody asks.']
const SHAPES = { 'one text': 1, 'twenty texts': 20 }

/** Ten times as many texts as the service can answer, from a sender that does not wait. */
export const overload: Part = async (circumstances) => {
  for (const [name, texts] of Object.entries(SHAPES)) {
    const service = await new ServiceProcess(circumstances.runtime, { DRAIN_SECONDS: '0' }).ready()
    try {
      await flood(service, circumstances, { name, texts })
    } finally {
      await service.stop()
    }
  }
}

const fresh = (count: number) => Array.from({ length: count }, unseen)
const p99 = (answers: readonly Answer[]) =>
  quantile(
    answers.map(({ ms }) => ms),
    0.99,
  )

/** Texts a second, from callers that wait for each answer: the best of some rounds, the first of which warms up. */
async function calmRate(url: string, texts: number): Promise<number> {
  const rates: number[] = []
  while (rates.length < CALM_ROUNDS) rates.push(await calmRound(url, texts))
  return Math.max(...rates)
}

async function calmRound(url: string, texts: number): Promise<number> {
  const end = performance.now() + CALM_SECONDS * 1000
  let answered = 0
  const call = async () => {
    while (performance.now() < end) {
      const { status } = await predict(url, fresh(texts))
      if (status === 200) answered += texts
    }
  }
  await Promise.all(Array.from({ length: CALM_CONNECTIONS }, call))
  return answered / CALM_SECONDS
}

async function idle(url: string) {
  const hits: Answer[] = []
  const single: Answer[] = []
  await predict(url, HIT)
  for (let i = 0; i < 100; i++) {
    hits.push(await predict(url, HIT))
    single.push(await predict(url, fresh(1)))
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
  const answers: Answer[] = []
  const hits = askOn(() => predict(url, HIT), 50)
  const startedAt = performance.now()
  const arrivals = new Arrivals(perSecond, async () => {
    answers.push(await predict(url, fresh(texts)))
  })
  await sleep(overloadSeconds * 1000)
  const seconds = (performance.now() - startedAt) / 1000
  const useful = (answers.filter(({ status }) => status === 200).length * texts) / seconds
  const stopped = arrivals.stop()
  const recoveredMs = await untilSingle(url, 2 * before.single + FLOOR_MS)
  const hitAnswers = await hits.stop()
  await stopped

  const say = (what: string, held: boolean, [figure, bound]: [figure: string, bound: string]) =>
    report.add({ attack: `${runtime} overload, ${name} each: ${what}`, held, figure, bound })
  const hitsMs = p99(hitAnswers)
  const hitsBound = (3 * before.hits + FLOOR_MS) * slack
  say('statuses', all(answers, 200, 429), [
    `${tally(answers)} at ${perSecond.toFixed(0)} requests/s`,
    'only 200 and 429',
  ])
  say('useful texts/s', useful >= (0.8 * calm) / slack, [
    `${useful.toFixed(0)}, calm ${calm.toFixed(0)}`,
    `${((0.8 * calm) / slack).toFixed(0)}`,
  ])
  say("hits' p99", all(hitAnswers, 200) && hitsMs <= hitsBound, [
    `${before.hits.toFixed(1)} -> ${hitsMs.toFixed(1)} ms, ${tally(hitAnswers)}`,
    `${hitsBound.toFixed(0)} ms`,
  ])
  say('back to normal', recoveredMs <= RECOVERY_MS * slack, [
    `${recoveredMs.toFixed(0)} ms after the end`,
    `${RECOVERY_MS * slack} ms`,
  ])
}

/** Time until a new text is answered within a bound again, three times in a row. */
async function untilSingle(url: string, boundMs: number): Promise<number> {
  const startedAt = performance.now()
  let normalAt = startedAt
  for (let inRow = 0; inRow < 3; ) {
    const { status, ms } = await predict(url, fresh(1))
    const normal = status === 200 && ms <= boundMs
    inRow = normal ? inRow + 1 : 0
    if (!normal) normalAt = performance.now()
    if (performance.now() - startedAt > 60_000) return Number.POSITIVE_INFINITY
    await sleep(20)
  }
  return normalAt - startedAt
}
