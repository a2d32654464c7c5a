import { Collector, type Span } from '../harness/collector.ts'
import { ServiceProcess } from '../harness/process.ts'
import { RedisServer } from '../harness/redis-server.ts'
import { type DrawnSpan, drawTrace } from './drawing/trace.ts'

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const SAMPLED = `00-${TRACE_ID}-00f067aa0ba902b7-01`
const NOT_SAMPLED = '00-a3ce929d0e0e47364bf92f3577b34da6-00f067aa0ba902b7-00'

const FORGOTTEN = 'I have seen worse, and I have seen better.'
const REMEMBERED = 'I love you!'
const NEW = ['A quiet film that stays with you.', 'Two hours that nobody gives me back.']

/** The trace of one request with a text of each kind: in memory, in Redis, and new to both. */
export async function pictureOfTrace(): Promise<string> {
  const redis = await RedisServer.start()
  const collector = await Collector.start()
  const service = await new ServiceProcess('bun', {
    REDIS_URL: redis.url,
    // Holds the last text alone, so that Redis has one that memory has not.
    CACHE_MEMORY_ENTRIES: '1',
    DRAIN_SECONDS: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  }).ready()
  const ask = async (text: readonly string[], traceparent: string) => {
    const headers = { traceparent, 'content-type': 'application/json' }
    const body = JSON.stringify({ text })
    const response = await fetch(`${service.url}/predict`, { method: 'POST', headers, body })
    return response.json()
  }
  // Warm, as a process that has served for a while.
  for (let i = 0; i < 200; i++) await ask([`text ${i}`], NOT_SAMPLED)
  await ask([FORGOTTEN], NOT_SAMPLED)
  await ask([REMEMBERED], NOT_SAMPLED)
  await ask([REMEMBERED, FORGOTTEN, ...NEW], SAMPLED)
  service.signal('SIGTERM')
  await service.exit()
  await collector.stop()
  await redis.close()
  const spans = collector.spans.filter(({ traceId }) => traceId === TRACE_ID)
  collector.remove()
  return drawTrace('polarity: POST /predict, 4 texts', TRACE_ID, toDrawn(spans))
}

/** Parents before their children, those in the order in which they began. */
function toDrawn(spans: readonly Span[]): DrawnSpan[] {
  const ids = new Set(spans.map(({ spanId }) => spanId))
  const root = spans.find(({ parentSpanId }) => !ids.has(parentSpanId))
  const origin = root?.startTimeUnixNano ?? 0n
  const seconds = (nanoseconds: bigint) => Number(nanoseconds - origin) / 1e9
  const below = (parent: Span, depth: number): DrawnSpan[] => [
    {
      name: parent.name,
      depth,
      start: seconds(parent.startTimeUnixNano),
      end: seconds(parent.endTimeUnixNano),
      facts: factsOf(parent),
    },
    ...spans
      .filter(({ parentSpanId }) => parentSpanId === parent.spanId)
      .toSorted((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano))
      .flatMap((span) => below(span, depth + 1)),
  ]
  return root ? below(root, 0) : []
}

/** Its attributes, shortly. */
const factsOf = ({ attributes }: Span): string =>
  Object.entries(attributes)
    .filter(([name]) => name.startsWith('polarity.') && name !== 'polarity.request_id')
    .map(([name, value]) => `${name.split('.').at(-1)} ${value}`)
    .join(', ')
