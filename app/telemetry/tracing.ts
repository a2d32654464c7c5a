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
import { withTimeout } from '../timeout.ts'
import type { Logger } from './logger.ts'
import { createSampler } from './sampler.ts'
import type { Trace, TraceBatch } from './trace.ts'

/** The server span of a request, from its headers to its response. */
interface RequestTrace extends Trace {
  /** The W3C `traceparent` of the server span. */
  readonly parent: string
  end(outcome: RequestOutcome): void
}

interface RequestOutcome {
  /** The pattern of the route, such as `/predict`. */
  readonly route: string
  readonly method: string
  /** In which the request was sent. */
  readonly dialect: string
  readonly status: number
  /** The error code of the response, if it is an error. */
  readonly code: string | undefined
  readonly requestId: string
}

export interface Tracing {
  /** Starts a trace, or continues the one in the `traceparent` header. */
  begin(header: (name: string) => string | undefined): RequestTrace
  readonly batch: TraceBatch
  /** Flushes the remaining spans, within 2 s. */
  close(): Promise<void>
}

/** Timeout of the last flush, in milliseconds. */
const LAST_SPANS_MS = 2000

const propagator = new W3CTraceContextPropagator()

/**
 * Exports spans by OTLP over HTTP, in the background. OpenTelemetry reads the endpoint, headers,
 * sampler, limits and resource from its standard `OTEL_*` variables.
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
      const late = () => new Error('The last flush of spans timed out.')
      await withTimeout(provider.shutdown(), LAST_SPANS_MS, late).catch((error) => {
        log.warn({ event: 'traces_lost', err: error }, 'last traces lost')
      })
    },
  }
}

/** Logs OpenTelemetry's own warnings (such as an unreachable collector), at most one a minute. */
function tellOf(log: Logger): void {
  const minutely = createSampler(1, 60_000)
  const warn = (reason: string) => {
    const safe = reason.replace(/:\/\/\S*@/g, '://…@') // A URL that it complains of has its password.
    if (!minutely.take()) return
    const fields = { event: 'trace_export_warning', reason: safe } as const
    log.warn({ ...fields, unlogged: minutely.skipped() }, 'trace export warning')
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

  /** After its end too, when the request is logged and counted. */
  get exemplar() {
    const { traceId, traceFlags } = this.context
    return traceFlags & TraceFlags.SAMPLED ? { trace_id: traceId } : undefined
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

  /** Starts a child span; the caller must end it. */
  start(name: string, startTime: number, options: SpanOptions): Span {
    const context = trace.setSpan(ROOT_CONTEXT, this.#span)
    return this.#tracer.startSpan(name, { ...options, startTime }, context)
  }

  end({ route, method, dialect, status, code, requestId }: RequestOutcome): void {
    this.#span.updateName(`${method} ${route}`)
    this.#span.setAttributes({
      'http.request.method': method,
      'http.route': route,
      'polarity.dialect': dialect,
      'http.response.status_code': status,
      'polarity.request_id': requestId,
      ...(code && { 'error.type': code }),
    })
    if (status >= 500) this.#span.setStatus({ code: SpanStatusCode.ERROR })
    this.#span.end()
  }
}

/**
 * The batch span is part of the first request's trace and links to all requests; each request gets
 * an `inference` span of the same time that links to the batch.
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
