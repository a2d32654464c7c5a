import {
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { inTime } from '../timeout.ts'
import type { Logger } from './logger.ts'
import { createSampler } from './sampler.ts'
import type { Trace, TraceBatch } from './trace.ts'

/** A trace from the first byte to the answer. */
interface RequestTrace extends Trace {
  /** The W3C `traceparent` of this request's own span. */
  readonly parent: string
  end(outcome: Outcome): void
}

interface Outcome {
  /** The pattern of the route, such as `/predict`. */
  readonly route: string
  readonly method: string
  readonly status: number
  /** The code of the error body, if it is one. */
  readonly code: string | undefined
  readonly requestId: string
}

export interface Tracing {
  /** Begins a trace, or goes on with the one that a header names. */
  begin(header: (name: string) => string | undefined): RequestTrace
  readonly batch: TraceBatch
  /** Sends what is left, if it can be sent soon. */
  close(): Promise<void>
}

/** Longest wait for the last spans to leave, in milliseconds. */
const LAST_SPANS_MS = 2000

const propagator = new W3CTraceContextPropagator()

/**
 * Sends spans by OTLP over HTTP, behind the requests. The endpoint, its headers, the sampler, the
 * limits and the resource are read by OpenTelemetry from its own `OTEL_*` variables.
 */
export function openTracing(version: string, log: Logger): Tracing {
  tellOf(log)
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'polarity', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  })
  const tracer = provider.getTracer('polarity', version)

  return {
    begin(header) {
      const getter = { get: (_: unknown, name: string) => header(name), keys: () => [] }
      const from = propagator.extract(ROOT_CONTEXT, undefined, getter)
      return new SpanTrace(tracer, tracer.startSpan('request', { kind: SpanKind.SERVER }, from))
    },
    batch: traceBatch,
    async close() {
      const late = () => new Error('The last spans were not sent in time.')
      await inTime(provider.shutdown(), LAST_SPANS_MS, late).catch((error) => {
        log.warn({ err: error }, 'the last traces are lost')
      })
    },
  }
}

/** OpenTelemetry's own warnings, a dead collector's among them: one a minute. */
function tellOf(log: Logger): void {
  const minutely = createSampler(1, 60_000)
  const warn = (reason: string) => {
    const safe = reason.replace(/:\/\/\S*@/g, '://…@') // A URL that it complains of has its password.
    if (minutely.take()) log.warn({ reason: safe, unlogged: minutely.skipped() }, 'tracing')
  }
  const ignore = () => undefined
  const logger = { error: warn, warn, info: ignore, debug: ignore, verbose: ignore }
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
}

class SpanTrace implements RequestTrace {
  readonly #tracer: Tracer
  readonly #span: Span

  constructor(tracer: Tracer, span: Span) {
    this.#tracer = tracer
    this.#span = span
  }

  get parent(): string {
    const { traceId, spanId, traceFlags } = this.context
    return `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`
  }

  get exemplar() {
    return this.recorded ? { trace_id: this.context.traceId } : undefined
  }

  get recorded(): boolean {
    return this.#span.isRecording()
  }

  get context(): SpanContext {
    return this.#span.spanContext()
  }

  add(...[name, { startedAt, endedAt }, attributes = {}]: Parameters<Trace['add']>): void {
    if (this.recorded) this.start(name, startedAt, { attributes }).end(endedAt)
  }

  /** A span below this one, that the caller ends. */
  start(name: string, startTime: number, options: SpanOptions): Span {
    const context = trace.setSpan(ROOT_CONTEXT, this.#span)
    return this.#tracer.startSpan(name, { ...options, startTime }, context)
  }

  end({ route, method, status, code, requestId }: Outcome): void {
    this.#span.updateName(`${method} ${route}`)
    this.#span.setAttributes({
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
      'polarity.request_id': requestId,
      ...(code && { 'error.type': code }),
    })
    if (status >= 500) this.#span.setStatus({ code: SpanStatusCode.ERROR })
    this.#span.end()
  }
}

/**
 * A batch stands in the first of its requests' traces, linked to all of them; each of them has a
 * span for the same time that is linked to the batch.
 */
const traceBatch: TraceBatch = (traces, { startedAt, endedAt, attributes }) => {
  const recorded = [...traces].filter(isRecorded)
  const [first] = recorded
  if (!first) return
  const links = recorded.map(({ context }) => ({ context }))
  const batch = first.start('batch', startedAt, { attributes, links })
  for (const one of recorded) {
    one.start('inference', startedAt, { links: [{ context: batch.spanContext() }] }).end(endedAt)
  }
  batch.end(endedAt)
}

const isRecorded = (one: Trace): one is SpanTrace => one instanceof SpanTrace && one.recorded
