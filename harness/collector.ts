import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { freePort } from './free-port.ts'

const BINARY = join(import.meta.dirname, '../node_modules/.cache/otelcol')

export const hasCollector = (() => {
  if (existsSync(BINARY)) return true
  process.stderr.write('Tests with a trace collector are skipped: bash scripts/build-otelcol.sh\n')
  return false
})()

const AnyValue = z.union([
  z.object({ stringValue: z.string() }).transform(({ stringValue }) => stringValue),
  z.object({ intValue: z.string() }).transform(({ intValue }) => Number(intValue)),
  z.unknown(),
])
const Attributes = z
  .array(z.object({ key: z.string(), value: AnyValue }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, value])))

const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().default(''),
  name: z.string(),
  startTimeUnixNano: z.coerce.bigint(),
  endTimeUnixNano: z.coerce.bigint(),
  attributes: Attributes,
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
  status: z.object({ code: z.number().optional() }).default({}),
})
export type Span = z.infer<typeof Span>

const Export = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(Span) })),
    }),
  ),
})

/** A real OpenTelemetry collector on a free loopback port, which records what it receives. */
export class Collector {
  readonly #child: ChildProcess
  readonly #folder: string
  readonly url: string

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#child = child
    this.#folder = folder
    this.url = url
  }

  static async start(): Promise<Collector> {
    const folder = mkdtempSync(join(tmpdir(), 'otelcol-'))
    const endpoint = `127.0.0.1:${await freePort()}`
    const config = {
      receivers: { otlp: { protocols: { http: { endpoint } } } },
      exporters: { file: { path: join(folder, 'traces.jsonl') } },
      service: {
        telemetry: { metrics: { level: 'none' } },
        pipelines: { traces: { receivers: ['otlp'], exporters: ['file'] } },
      },
    }
    writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config))
    const child = spawn(BINARY, ['--config', `file:${join(folder, 'config.yaml')}`])
    const ready = Promise.withResolvers<void>()
    let output = ''
    child.stderr.on('data', (chunk) => {
      output += String(chunk)
      if (output.includes('Everything is ready')) ready.resolve()
    })
    child.once('exit', () => ready.reject(new Error(`The collector did not start:\n${output}`)))
    await ready.promise
    return new Collector(child, folder, `http://${endpoint}`)
  }

  /** Everything that it received. */
  get raw(): string {
    const file = join(this.#folder, 'traces.jsonl')
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }

  get resources(): Record<string, unknown>[] {
    return this.#exports().map(({ resource }) => resource.attributes)
  }

  get spans(): Span[] {
    return this.#exports().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
  }

  /** Stops it, which flushes its output. */
  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await ended
  }

  /** Deletes what it recorded. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #exports() {
    const lines = this.raw.split('\n').filter((line) => line.endsWith('}'))
    return lines.flatMap((line) => Export.parse(JSON.parse(line)).resourceSpans)
  }
}
