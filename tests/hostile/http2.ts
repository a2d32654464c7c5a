import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { all, ask, askOn, predict, tally, unseen } from './client.ts'
import { ATTACKS } from './http2-attacks.ts'
import type { Part } from './part.ts'

const SECONDS = 2
const ENV = {
  MODEL: TINY_MODEL,
  WORKERS: '1',
  DRAIN_SECONDS: '0',
  GRPC_PORT: '0',
  BODY_TIMEOUT_SECONDS: String(SECONDS),
  REQUEST_TIMEOUT_SECONDS: String(SECONDS),
}
const MEGABYTE = 1_000_000
const MOST_MEGABYTES = 250
/** Connections of HTTP/2: of gRPC on both runtimes, and of what Bun answers on the port of HTTP/1. */
export const http2: Part = async ({ runtime, report, slack }) => {
  const ports = runtime === 'bun' ? (['gRPC', 'h2c'] as const) : (['gRPC'] as const)
  for (const port of ports) {
    for (const name of Object.keys(ATTACKS)) {
      const service = await new ServiceProcess(runtime, ENV).ready()
      try {
        const target = port === 'gRPC' ? `http://${service.grpcTarget}` : service.url
        const outcome = await beside(service, { name, target }, slack)
        report.add({ attack: `${runtime} ${port}: ${name}`, ...outcome })
      } finally {
        await service.stop()
      }
    }
  }
}

/** What others see while an attack goes on, and what is left after it. */
async function beside(
  service: ServiceProcess,
  attack: { readonly name: string; readonly target: string },
  slack: number,
) {
  const { url } = service
  await predict(url, [unseen()])
  const resident = () => service.metric('process_resident_memory_bytes')
  const before = await resident()
  const health = askOn(() => ask(url), 20)
  const predictions = askOn(() => predict(url, [unseen()]), 20)
  const attacker = new Worker(new URL('./http2-attacker.ts', import.meta.url), {
    workerData: attack,
  })
  await sleep((2 * SECONDS + 1) * 1000)
  const grown = ((await resident()) - before) / MEGABYTE
  const answers = [...(await health.stop()), ...(await predictions.stop())]
  await attacker.terminate()
  const slowest = Math.max(...answers.map(({ ms }) => ms))
  const bugs = await service.metric('polarity_rejected_total{code="internal"}')
  return {
    held: all(answers, 200) && slowest < 1000 * slack && grown < MOST_MEGABYTES && bugs === 0,
    figure: `others ${tally(answers)}, slowest ${slowest.toFixed(0)} ms, ${grown.toFixed(0)} MB more, ${bugs} internal errors`,
    bound: `200, ${1000 * slack} ms, ${MOST_MEGABYTES} MB, none`,
  }
}
