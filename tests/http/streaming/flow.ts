import type { Call, Classify } from '../../../app/classifier/classify.ts'
import { AppError } from '../../../app/errors.ts'
import type { createMetrics } from '../../../app/telemetry/metrics.ts'
import { answerTo, settled } from '../../fakes.ts'

/** Waits for what happens without anybody's doing. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** The value of a series in a scrape. */
export async function metricOf(metrics: ReturnType<typeof createMetrics>, series: string) {
  const lines = (await metrics.registry.metrics()).split('\n')
  return Number(
    lines
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')
      .at(-1),
  )
}

const CHUNK = '"a"\n'.repeat(64)

/** A body without an end, of which is known how many rows were read. */
export function endlessBody() {
  const read = { rows: 0, cancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await settled()
        read.rows += 64
        controller.enqueue(new TextEncoder().encode(CHUNK))
      },
      cancel() {
        read.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { body, read }
}

/** A classifier that answers nobody until it is told to. */
export function heldClassify() {
  const calls: Call[] = []
  const gate = Promise.withResolvers<void>()
  const classify: Classify = async (texts, call) => {
    calls.push(call)
    const { promise, reject } = Promise.withResolvers<never>()
    call.signal().addEventListener('abort', () => reject(call.signal().reason))
    await Promise.race([gate.promise, promise])
    return texts.map(answerTo)
  }
  return { classify, calls, release: () => gate.resolve() }
}

/** The refusal of one who may come back after so many seconds. */
export const busy = (seconds: string) =>
  new AppError('overloaded', 'Too much.', { headers: { 'Retry-After': seconds } })
