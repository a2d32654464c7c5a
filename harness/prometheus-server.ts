import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { freePort } from './free-port.ts'

const RULES = join(import.meta.dirname, '../observability/prometheus')

// Prometheus writes a quotient of nothing as NaN, and no bound as +Inf.
const Value = z.string().transform((value) => Number(value.replace('Inf', 'Infinity')))
const Sample = z.tuple([z.number(), Value])
const Series = z.object({
  metric: z.record(z.string(), z.string()),
  value: Sample.optional(),
  values: z.array(Sample).default([]),
})
export type Series = z.infer<typeof Series>

const Response = z.object({ data: z.object({ result: z.array(Series) }) })
const Exemplars = z.object({
  data: z.array(
    z.object({ exemplars: z.array(z.object({ value: Value, timestamp: z.number() })) }),
  ),
})
const Names = z.object({ data: z.array(z.string()) })

/** An address, or some with labels of their own. */
type Targets = string | readonly Target[]
interface Target {
  readonly address: string
  readonly labels?: Readonly<Record<string, string>>
}

interface Options {
  /** The address of an Alertmanager. */
  readonly alertmanager?: string
  /**
   * `seconds`: scrapes and rules every second, and those of five minutes look at half a minute, so that
   * a run of a minute sees all of them; `at-once`: an alert fires as soon as its condition is met;
   * `real`: as `docker compose` has them.
   */
  readonly pace?: keyof typeof PACES
}

/** Copies rules, and takes out of them what a run of this pace has no time for. */
function copyRules(name: string, folder: string, pace: keyof typeof PACES): string {
  const copy = join(folder, name)
  const rules = readFileSync(join(RULES, name), 'utf8')
  writeFileSync(copy, PACES[pace](rules))
  return copy
}

const withoutIntervals = (rules: string) => rules.replaceAll(/^ +interval: .*$/gm, '')
const PACES = {
  seconds: (rules: string) => withoutIntervals(rules).replaceAll('[5m]', '[30s]'),
  'at-once': (rules: string) => withoutIntervals(rules).replaceAll(/^ +for: .*$/gm, ''),
  real: (rules: string) => rules,
}

/** The intervals of `docker compose`'s Prometheus. */
const REAL = { scrape_interval: '5s', evaluation_interval: '15s' }
const EVERY_SECOND = { scrape_interval: '1s', evaluation_interval: '1s' }

function configOf(jobs: Readonly<Record<string, Targets>>, folder: string, options: Options) {
  const { alertmanager, pace = 'seconds' } = options
  const staticOf = ({ address, labels }: Target) => ({ targets: [address], labels })
  return {
    global: pace === 'real' ? REAL : EVERY_SECOND,
    rule_files: ['recording.yml', 'alerts.yml'].map((name) => copyRules(name, folder, pace)),
    alerting: {
      alertmanagers: alertmanager ? [{ static_configs: [{ targets: [alertmanager] }] }] : [],
    },
    scrape_configs: Object.entries(jobs).map(([job_name, targets]) => ({
      job_name,
      static_configs: (typeof targets === 'string' ? [{ address: targets }] : targets).map(
        staticOf,
      ),
    })),
  }
}

/** A real Prometheus on a free loopback port, with the rules of this project. */
export class PrometheusServer {
  readonly #child: ChildProcess
  readonly #folder: string
  readonly #url: string

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#child = child
    this.#folder = folder
    this.#url = url
  }

  /** Starts Prometheus, with nothing stored, which scrapes the targets of each job. */
  static async start(
    jobs: Readonly<Record<string, Targets>>,
    options: Options = {},
  ): Promise<PrometheusServer> {
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'))
    const address = `127.0.0.1:${await freePort()}`
    const file = join(folder, 'prometheus.yml')
    writeFileSync(file, JSON.stringify(configOf(jobs, folder, options)))
    const child = spawn('prometheus', [
      `--config.file=${file}`,
      `--storage.tsdb.path=${folder}`,
      `--web.listen-address=${address}`,
      '--enable-feature=exemplar-storage',
    ])
    const ready = Promise.withResolvers<void>()
    let output = ''
    child.stderr.on('data', (chunk) => {
      output += String(chunk)
      if (output.includes('Server is ready')) ready.resolve()
    })
    child.once('exit', () => ready.reject(new Error(`Prometheus did not start:\n${output}`)))
    await ready.promise
    return new PrometheusServer(child, folder, `http://${address}`)
  }

  /** Instant query, of now or of a time in seconds since 1970. Throws with Prometheus' message if the query is invalid. */
  async query(query: string, time = Date.now() / 1000): Promise<Series[]> {
    return Response.parse(await this.#get('query', { query, time: String(time) })).data.result
  }

  /** Range query with a step of 1 s; `start` and `end` in seconds since 1970. */
  async range(query: string, start: number, end: number): Promise<Series[]> {
    const period = { start: String(start), end: String(end), step: '1' }
    return Response.parse(await this.#get('query_range', { query, ...period })).data.result
  }

  /** Single values with a trace that went into a query, as times in seconds since 1970 and values. */
  async exemplars(query: string, start: number, end: number): Promise<[number, number][]> {
    const period = { start: String(start), end: String(end) }
    const { data } = Exemplars.parse(await this.#get('query_exemplars', { query, ...period }))
    return data.flatMap(({ exemplars }) => exemplars.map((one) => [one.timestamp, one.value]))
  }

  /** The first value of an instant query; NaN if there is none. */
  async number(query: string): Promise<number> {
    return (await this.query(query))[0]?.value?.[1] ?? Number.NaN
  }

  /** The names of all series. */
  async names(): Promise<ReadonlySet<string>> {
    return new Set(Names.parse(await this.#get('label/__name__/values', {})).data)
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #get(path: string, parameters: Record<string, string>): Promise<unknown> {
    const response = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(parameters)}`)
    if (response.ok) return response.json()
    throw new Error(`${parameters.query}: ${await response.text()}`)
  }
}
