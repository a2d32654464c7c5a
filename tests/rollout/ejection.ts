import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../harness/free-port.ts'
import { Endpoints } from './endpoints.ts'
import { Envoy } from './envoy.ts'
import { Load } from './load.ts'
import { Replica, type Runtime } from './replica.ts'
import { type Summary, toSummary } from './report.ts'

/** With a broken one beside them production's minimum of three. */
const REPLICAS = 2
const REQUESTS_PER_SECOND = 100
/** Together less than the rule's baseEjectionTime, after which a broken pod gets traffic again. */
const DETECT_MS = 4000
const EJECTED_MS = 8000

export interface Ejection {
  readonly detecting: Summary
  readonly ejected: Summary
  /** Ejections that the proxy made, and that its limit kept it from. */
  readonly made: number
  readonly overflow: number
}

/** Replicas beside one that is ready and always responds 500: the proxy must soon leave it out. */
export async function ejectBroken(runtime: Runtime, binary: string): Promise<Ejection> {
  const proxy = await Envoy.start({ binary, retries: 0 })
  const broken = createServer((_, response) => response.writeHead(500).end('broken'))
  const replicas: Replica[] = []
  let endpoints: Endpoints | undefined
  try {
    const port = await freePort()
    await once(broken.listen(port, '127.0.0.1'), 'listening')
    endpoints = new Endpoints((ports) => proxy.publish([...ports, port]))
    for (let i = 0; i < REPLICAS; i++) replicas.push(await Replica.start(runtime, {}))
    for (const replica of replicas) await endpoints.admit(replica)
    return await measure(proxy)
  } finally {
    endpoints?.close()
    await Promise.all(replicas.map((replica) => replica.kill()))
    await proxy.close()
    broken.close()
  }
}

async function measure(proxy: Envoy): Promise<Ejection> {
  const load = new Load(proxy.url, REQUESTS_PER_SECOND)
  await sleep(DETECT_MS)
  const detecting = toSummary([await load.take()])
  await sleep(EJECTED_MS)
  const ejected = toSummary([await load.take()])
  await load.stop()
  const counter = (name: string) => proxy.counter(`outlier_detection.ejections_${name}`)
  const [made, overflow] = [await counter('enforced_total'), await counter('overflow')]
  return { detecting, ejected, made, overflow }
}

/** What is wrong with an ejection; empty if nothing is. */
export function complaintsOf({ detecting, ejected, made }: Ejection): string[] {
  return [
    ...(detecting.failed > 0 ? [] : ['the broken replica got no traffic']),
    ...(made > 0 ? [] : ['the broken replica was not ejected']),
    ...(ejected.failed === 0 ? [] : [`${ejected.failed} requests failed after it was ejected`]),
  ]
}
