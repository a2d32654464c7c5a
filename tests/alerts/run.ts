// `npm run alerts:scene`: what fires in ten minutes, and who hears of it. Prometheus with the intervals of
// `docker compose` and nothing stored, its rules as they are, and Alertmanager with its configuration: no
// time is shortened. Needs redis-server, prometheus and prometheus-alertmanager.
import { setTimeout as sleep } from 'node:timers/promises'
import { AlertReceiver } from '../../harness/alert-receiver.ts'
import { AlertmanagerServer } from '../../harness/alertmanager-server.ts'
import { PrometheusServer } from '../../harness/prometheus-server.ts'
import {
  openGone,
  openHealthy,
  openOverloaded,
  openWithoutRedis,
  openWithoutTokenizer,
  type Replica,
} from './replicas.ts'

const MINUTES = 10

/** Each in a namespace of its own, with what must fire there, and who must hear of it; nothing: nothing may. */
const SCENES = [
  { namespace: 'healthy', open: openHealthy },
  {
    namespace: 'no-redis',
    open: openWithoutRedis,
    alert: 'PolarityCacheBreakerOpen',
    hears: 'ticket',
  },
  {
    namespace: 'no-tokenizer',
    open: openWithoutTokenizer,
    alert: 'PolarityNoTokenizer',
    hears: 'page',
  },
  { namespace: 'overloaded', open: openOverloaded, alert: 'PolarityOverloaded', hears: 'page' },
  { namespace: 'gone', open: openGone, alert: 'PolarityTargetDown', hears: 'ticket' },
] as const

type Scene = (typeof SCENES)[number]

const say = (line: string) => process.stdout.write(`${line}\n`)

const receiver = await AlertReceiver.start()
const alertmanager = await AlertmanagerServer.start({ receiverUrl: receiver.url })
const replicas: Replica[] = []
for (const { open } of SCENES) replicas.push(await open())
const prometheus = await PrometheusServer.start(
  {
    polarity: SCENES.map(({ namespace }, i) => ({
      address: replicas[i]?.address ?? '',
      labels: { namespace },
    })),
  },
  { alertmanager: alertmanager.address, pace: 'real' },
)
const start = Date.now() / 1000
say(`${MINUTES} minutes of ${SCENES.map(({ namespace }) => namespace).join(', ')}`)
for (let minute = 1; minute <= MINUTES; minute++) {
  await sleep(60_000)
  const firing = await firedSince(start)
  say(
    `${minute} min: ${[...firing].map(([where, names]) => `${where}: ${names.join(', ')}`).join('; ')}`,
  )
}

const fired = await firedSince(start)
let wrong = 0
for (const scene of SCENES) if (!holds(scene)) wrong++
if (fired.has('')) {
  say(`FAILED: without a namespace there fired ${fired.get('')?.join(', ')}`)
  wrong++
}
say(`${SCENES.length - wrong} of ${SCENES.length} as expected`)

await prometheus.close()
await alertmanager.close()
await receiver.close()
for (const replica of replicas) await replica.close()
process.exit(wrong === 0 ? 0 : 1)

/** The alerts that have fired, by namespace. */
async function firedSince(time: number): Promise<ReadonlyMap<string, readonly string[]>> {
  const series = await prometheus.range('ALERTS{alertstate="firing"}', time, Date.now() / 1000)
  const names = new Map<string, string[]>()
  for (const { metric } of series) {
    const { namespace = '', alertname = '' } = metric
    names.set(namespace, [...new Set([...(names.get(namespace) ?? []), alertname])])
  }
  return names
}

function holds(scene: Scene): boolean {
  const names = fired.get(scene.namespace) ?? []
  const heard = receiver.messages.filter(
    ({ groupLabels }) => groupLabels.namespace === scene.namespace,
  )
  if (!('alert' in scene)) {
    const silent = names.length === 0 && heard.length === 0
    say(`${silent ? 'held' : 'FAILED'}: ${scene.namespace}: ${names.join(', ') || 'nothing fired'}`)
    return silent
  }
  const { alert, hears } = scene
  const told = heard.some(
    ({ groupLabels, receiver }) => groupLabels.alertname === alert && receiver === hears,
  )
  const held = names.includes(alert) && told
  say(
    `${held ? 'held' : 'FAILED'}: ${scene.namespace}: ${names.join(', ')}; ${hears} heard: ${told}`,
  )
  return held
}
