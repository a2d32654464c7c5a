import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Collector, hasCollector, type Span } from '../../harness/collector.ts'
import { RUNTIMES, ServiceProcess } from '../../harness/process.ts'

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const PARENT = `00-${TRACE_ID}-b7ad6b7169203331-01`
const NOT_SAMPLED = '00-faf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'

/** The spans that a collector received from a service after a few requests and a shutdown. */
async function trace(runtime: (typeof RUNTIMES)[number]) {
  const collector = await Collector.start()
  const service = await new ServiceProcess(runtime, {
    WORKERS: '1',
    DRAIN_SECONDS: '0',
    LOG_REQUESTS_PER_SECOND: '1000',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_RESOURCE_ATTRIBUTES: 'k8s.pod.name=pod-7',
  }).ready()
  const ask = (text: unknown[], traceparent = '') =>
    fetch(`${service.url}/predict`, {
      method: 'POST',
      headers: { traceparent, 'content-type': 'application/json', 'x-request-id': 'req-42' },
      body: JSON.stringify({ text }),
    })
  const answer = await ask(['a private sentence', 'one more'], PARENT)
  await ask(['a private sentence'], PARENT)
  await ask([1], PARENT)
  await ask(['another'], NOT_SAMPLED)
  // While the worker is busy with these, the next ones become a batch.
  const long = Array.from({ length: 16 }, (_, i) => `${i} ${'a long text '.repeat(100)}`)
  const busy = ask(long, NOT_SAMPLED)
  await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      ask([`request number ${i}`], PARENT.replace('0af', `${i}af`)),
    ),
  )
  await busy
  await fetch(`${service.url}/predict`, {
    method: 'POST',
    headers: {
      traceparent: PARENT,
      'content-type': 'application/x-ndjson',
      'x-request-id': 'rows',
    },
    body: '"a private row"\n"another"\n',
  }).then((response) => response.text())
  const { headers } = await ask(['of a caller without a trace'])
  const own = headers.get('traceparent')?.split('-')[1]
  const scrape = await fetch(`${service.internalUrl}/metrics`, {
    headers: { accept: 'application/openmetrics-text' },
  }).then((response) => response.text())
  const log = service.logged('request')
  service.signal('SIGTERM')
  await service.exit()
  await collector.stop()
  const { spans, resources, raw } = collector
  collector.remove()
  return { answer, own, scrape, log, spans, resources, raw }
}

describe.skipIf(!hasCollector).each(RUNTIMES)('a trace on %s', (runtime) => {
  let traced: Awaited<ReturnType<typeof trace>>
  let first: Span | undefined
  beforeAll(async () => {
    traced = await trace(runtime)
    first = traced.spans.find(({ name }) => name === 'POST /predict')
  }, 60_000)
  const below = (parent: Span | undefined) =>
    traced.spans.filter(({ parentSpanId }) => parentSpanId === parent?.spanId)

  it('continues the caller’s trace, and returns its own span', () => {
    expect(first).toMatchObject({ traceId: TRACE_ID, parentSpanId: 'b7ad6b7169203331' })
    expect(traced.answer.headers.get('traceparent')).toBe(`00-${TRACE_ID}-${first?.spanId}-01`)
  })

  it('has a span for each stage of a cache miss, in order', () => {
    const steps = below(first).sort((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano))
    expect(new Set(steps.map(({ name }) => name))).toEqual(
      new Set(['cache memory', 'tokenize', 'queue', 'inference', 'batch']),
    )
    expect(steps[0]?.name).toBe('cache memory')
    for (const step of steps) {
      expect(step.startTimeUnixNano).toBeGreaterThanOrEqual(first?.startTimeUnixNano ?? 0n)
      expect(step.endTimeUnixNano).toBeLessThanOrEqual(first?.endTimeUnixNano ?? 0n)
    }
  })

  it('of a cache hit ends at the cache', () => {
    const [, second] = traced.spans.filter(({ name }) => name === 'POST /predict')
    expect(below(second).map(({ name, attributes }) => [name, attributes])).toEqual([
      ['cache memory', { 'polarity.cache.hits': 1, 'polarity.cache.misses': 0 }],
    ])
  })

  it('has the status of the request', () => {
    expect(first?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/predict',
      'polarity.dialect': 'native',
      'http.response.status_code': 200,
      'polarity.request_id': 'req-42',
    })
    const refused = traced.spans.find(({ attributes }) => 'error.type' in attributes)
    expect(refused?.attributes).toMatchObject({ 'error.type': 'invalid_request' })
  })

  it('links a batch to each request in it, and each of them to the batch', () => {
    const batches = traced.spans.filter(({ name }) => name === 'batch')
    const largest = batches.sort((a, b) => b.links.length - a.links.length)[0]
    expect(largest?.links.length).toBeGreaterThan(1)
    for (const { spanId } of largest?.links ?? []) {
      const request = traced.spans.find((span) => span.spanId === spanId)
      const links = below(request).flatMap((span) => span.links)
      expect(links.map((link) => link.spanId)).toContain(largest?.spanId)
    }
  })

  it('of a stream has one span for all of its rows', () => {
    const stream = traced.spans.find(
      ({ attributes }) => attributes['polarity.request_id'] === 'rows',
    )
    expect(stream).toMatchObject({ traceId: TRACE_ID, name: 'POST /predict' })
    expect(below(stream).map(({ name, attributes }) => [name, attributes])).toEqual([
      [
        'stream',
        {
          'polarity.stream.rows': 2,
          'polarity.stream.errors': 0,
          'polarity.stream.end': 'complete',
        },
      ],
    ])
  })

  it('is not recorded if the caller’s is not sampled', () => {
    expect(traced.spans.some(({ traceId }) => traceId.startsWith('faf'))).toBe(false)
  })

  it('holds no text', () => {
    expect(traced.raw).not.toContain('private')
  })

  it('names the service and what the environment adds', () => {
    expect(traced.resources[0]).toMatchObject({
      'service.name': 'polarity',
      'k8s.pod.name': 'pod-7',
    })
  })

  it('is found from the log, whoever began it, and from histograms', () => {
    expect(traced.log[0]).toMatchObject({ trace_id: TRACE_ID, request_id: 'req-42' })
    expect(traced.log.map(({ trace_id }) => trace_id)).toContain(traced.own)
    expect(traced.scrape).toMatch(
      /http_request_duration_seconds_bucket\{le="[\d.]+",method="POST",route="\/predict",[^}]*\} \d+ # \{trace_id="\w{32}"\}/,
    )
    expect(traced.scrape).toMatch(
      /polarity_stage_duration_seconds_bucket\{le="[\d.]+",stage="queue"\} \d+ # \{trace_id="\w{32}"\}/,
    )
    expect(traced.scrape).toMatch(/^http_requests_total\{/m)
    expect(traced.scrape.endsWith('# EOF\n')).toBe(true)
  })
})

describe.each(RUNTIMES)('tracing on %s', (runtime) => {
  let service: ServiceProcess
  afterAll(() => service.stop())
  beforeAll(async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_BSP_SCHEDULE_DELAY: '10' }
    service = await new ServiceProcess(runtime, {
      WORKERS: '1',
      DRAIN_SECONDS: '0',
      ...env,
    }).ready()
  }, 60_000)

  it('to an unreachable collector costs no request, and shutdown is in time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => service.predict([`text ${i}`])),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    service.signal('SIGTERM')
    expect(await service.exit()).toBe(0)
  })
})
