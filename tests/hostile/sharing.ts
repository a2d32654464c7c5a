import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../../bench/statistics.ts'
import { Arrivals } from '../../harness/arrivals.ts'
import { ServiceProcess } from '../../harness/process.ts'
import { hasRedis, RedisServer } from '../../harness/redis-server.ts'
import { type Answer, all, predict, tally, unseen } from './client.ts'
import { digestOf } from './keys.ts'
import type { Circumstances, Part } from './part.ts'

const ROUNDS = 30
const FLOOD_PER_SECOND = 300
const FLOOD_SECONDS = 6
const SHORT = { 'x-envoy-expected-rq-timeout-ms': '3' }
const KEYS = { API_KEYS: `${digestOf('flood')},${digestOf('other')}` }

/** One caller's request, and another one's that has something in common with it. */
export const sharing: Part = async (circumstances) => {
  const { runtime, report } = circumstances
  await against(circumstances, {}, sharedWithLarge)
  await against(circumstances, { ...KEYS, MAX_QUEUE_TOKENS: '3000', WORKERS: '1' }, floodOfOne)
  await against(circumstances, {}, shortDeadline)
  if (!hasRedis) {
    report.skip(`${runtime} sharing: short deadline with Redis`, 'apt-get install redis-server')
    return
  }
  const redis = await RedisServer.start()
  try {
    await against(circumstances, { REDIS_URL: redis.url }, shortDeadline)
    await against(circumstances, { REDIS_URL: redis.url }, sharedWithLarge)
  } finally {
    await redis.close()
  }
}

type Attack = (url: string, circumstances: Circumstances, where: string) => Promise<void>

async function against(
  circumstances: Circumstances,
  env: Record<string, string>,
  attack: Attack,
): Promise<void> {
  const all = { DRAIN_SECONDS: '0', ...env }
  const service = await new ServiceProcess(circumstances.runtime, all).ready()
  try {
    await attack(service.url, circumstances, env.REDIS_URL ? ' with Redis' : '')
  } finally {
    await service.stop()
  }
}

/** A caller without time asks for the same text as one who has all of it. */
const shortDeadline: Attack = async (url, { runtime, report }, where) => {
  const answers: Answer[] = []
  for (let i = 0; i < ROUNDS; i++) {
    const shared = unseen()
    const hasty = predict(url, [shared, ...Array.from({ length: 20 }, unseen)], SHORT)
    answers.push(await predict(url, [shared]))
    await hasty
  }
  report.add({
    attack: `${runtime} sharing: another caller's short deadline${where}`,
    held: all(answers, 200),
    figure: tally(answers),
    bound: 'only 200',
  })
}

/** A text is also one of two hundred in somebody's large request. */
const sharedWithLarge: Attack = async (url, { runtime, report, slack }, where) => {
  const shared: Answer[] = []
  const alone: Answer[] = []
  for (let i = 0; i < 7; i++) {
    const text = unseen()
    const large = predict(url, [text, ...Array.from({ length: 200 }, longText)])
    await sleep(40)
    const [one, other] = await Promise.all([predict(url, [text]), predict(url, [unseen()])])
    shared.push(one)
    alone.push(other)
    await large
  }
  const [sharedMs, aloneMs] = [shared, alone].map((answers) => median(answers.map(({ ms }) => ms)))
  const bound = (2 * (aloneMs ?? 0) + 50) * slack
  report.add({
    attack: `${runtime} sharing: a text in another caller's large request${where}`,
    held: all(shared, 200) && (sharedMs ?? Number.POSITIVE_INFINITY) <= bound,
    figure: `${sharedMs?.toFixed(0)} ms, another text ${aloneMs?.toFixed(0)} ms (medians)`,
    bound: `${bound.toFixed(0)} ms`,
  })
}

const longText = () => `${unseen()} ${'It goes on and on, as some do. '.repeat(4)}`

/** One key asks for far more than there is; another key for little. */
const floodOfOne: Attack = async (url, { runtime, report }) => {
  const flood: Answer[] = []
  const others: Answer[] = []
  const attack = new Arrivals(FLOOD_PER_SECOND, async () => {
    flood.push(await predict(url, [longText(), longText()], { 'x-api-key': 'flood' }))
  })
  await sleep(1000)
  const other = new Arrivals(10, async () => {
    others.push(await predict(url, [unseen()], { 'x-api-key': 'other' }))
  })
  await sleep(FLOOD_SECONDS * 1000)
  await Promise.all([attack.stop(), other.stop()])
  report.add({
    attack: `${runtime} sharing: the flood of another key`,
    held: all(others, 200) && flood.some(({ status }) => status === 429),
    figure: `${tally(others)}; the flood ${tally(flood)}`,
    bound: 'only 200; the flood is refused in part',
  })
}
