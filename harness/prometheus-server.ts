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
const Names = z.object({ data: z.array(z.string()) })

/** Copies rules without their own intervals, so that a run of a minute evaluates all of them. */
function copyRules(name: string, folder: string): string {
  const copy = join(folder, name)
  const rules = readFileSync(join(RULES, name), 'utf8')
  writeFileSync(copy, rules.replaceAll(/^ +interval: .*$/gm, ''))
  return copy
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

  /** Starts Prometheus, which scrapes one address per job every second. */
  static async start(jobs: Readonly<Record<string, string>>): Promise<PrometheusServer> {
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'))
    const address = `127.0.0.1:${await freePort()}`
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['recording.yml', 'alerts.yml'].map((name) => copyRules(name, folder)),
      scrape_configs: Object.entries(jobs).map(([job, target]) => ({
        job_name: job,
        static_configs: [{ targets: [target] }],
      })),
    }
    const file = join(folder, 'prometheus.yml')
    writeFileSync(file, JSON.stringify(config))
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

  /** Instant query. Throws with Prometheus' message if the query is invalid. */
  async query(query: string): Promise<Series[]> {
    return Response.parse(await this.#get('query', { query })).data.result
  }

  /** Range query with a step of 1 s; `start` and `end` in seconds since 1970. */
  async range(query: string, start: number, end: number): Promise<Series[]> {
    const period = { start: String(start), end: String(end), step: '1' }
    return Response.parse(await this.#get('query_range', { query, ...period })).data.result
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
