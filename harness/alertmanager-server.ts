import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { freePort } from './free-port.ts'

const CONFIG_FILE = join(import.meta.dirname, '../observability/alertmanager.yml')

const PROGRAM = 'prometheus-alertmanager'

export const hasAlertmanager = (() => {
  if (spawnSync(PROGRAM, ['--version']).status === 0) return true
  process.stderr.write(`Tests with Alertmanager are skipped: apt-get install ${PROGRAM}\n`)
  return false
})()

const Config = z.looseObject({
  route: z.looseObject({}),
  receivers: z.array(z.looseObject({ name: z.string() })),
})

const Alerts = z.array(
  z.object({ labels: z.record(z.string(), z.string()), status: z.object({ state: z.string() }) }),
)

interface Options {
  /** Each receiver's name is appended. */
  readonly receiverUrl: string
  /** Changes of the route: tests have no half minute to wait. */
  readonly route?: Readonly<Record<string, unknown>>
}

/** A real Alertmanager on a free loopback port with this project's configuration, whose receivers are webhooks. */
export class AlertmanagerServer {
  readonly address: string
  readonly #child: ChildProcess
  readonly #folder: string

  private constructor(address: string, child: ChildProcess, folder: string) {
    this.address = address
    this.#child = child
    this.#folder = folder
  }

  static async start({ receiverUrl, route }: Options): Promise<AlertmanagerServer> {
    const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'))
    const file = join(folder, 'alertmanager.yml')
    const config = Config.parse(parse(readFileSync(CONFIG_FILE, 'utf8')))
    Object.assign(config.route, route)
    for (const receiver of config.receivers) {
      receiver.webhook_configs = [{ url: `${receiverUrl}/${receiver.name}` }]
    }
    writeFileSync(file, stringify(config))
    const address = `127.0.0.1:${await freePort()}`
    const child = spawn(
      PROGRAM,
      [
        `--config.file=${file}`,
        `--storage.path=${folder}`,
        `--web.listen-address=${address}`,
        // No cluster.
        '--cluster.listen-address=',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    const server = new AlertmanagerServer(address, child, folder)
    await server.#ready()
    return server
  }

  /** Tells it of alerts with these labels, as Prometheus does. */
  async tell(...alerts: readonly Readonly<Record<string, string>>[]): Promise<void> {
    const response = await fetch(`http://${this.address}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts.map((labels) => ({ labels }))),
    })
    if (!response.ok) throw new Error(await response.text())
  }

  /** Resolves with what has become of an alert, once there is one: `active`, or `suppressed`. */
  async stateOf(alertname: string): Promise<string> {
    for (;;) {
      const response = await fetch(`http://${this.address}/api/v2/alerts`)
      const alert = Alerts.parse(await response.json()).find(
        ({ labels, status }) => labels.alertname === alertname && status.state !== 'unprocessed',
      )
      if (alert) return alert.status.state
      await sleep(50)
    }
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null) {
      const ended = once(this.#child, 'exit')
      this.#child.kill('SIGKILL')
      await ended
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #ready(): Promise<void> {
    let output = ''
    this.#child.stderr?.on('data', (chunk) => {
      output += String(chunk)
    })
    while (this.#child.exitCode === null) {
      const response = await fetch(`http://${this.address}/-/ready`).catch(() => undefined)
      if (response?.ok) return
      await sleep(50)
    }
    throw new Error(`Alertmanager did not start:\n${output}`)
  }
}
