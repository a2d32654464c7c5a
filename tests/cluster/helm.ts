import { join } from 'node:path'
import type { ControlPlane } from './control-plane.ts'
import { runProgram } from './kubectl.ts'
import { parseManifests } from './manifests.ts'
import { HELM } from './programs.ts'

/** Helm with the chart of a checkout, as the administrator of the cluster. */
export class Helm {
  readonly #env: Record<string, string | undefined>
  readonly #chart: string
  readonly #namespace: string

  constructor({ kubeconfig, folder }: ControlPlane, checkout: string, namespace: string) {
    // Its caches go away with the cluster.
    this.#env = { PATH: process.env.PATH, KUBECONFIG: kubeconfig, HOME: folder }
    this.#chart = join(checkout, 'chart')
    this.#namespace = namespace
  }

  async install(...options: readonly string[]): Promise<void> {
    await this.run('install', 'polarity', this.#chart, '--wait', '--timeout=120s', ...options)
  }

  /** With all values anew. */
  async upgrade(...options: readonly string[]): Promise<void> {
    await this.run('upgrade', 'polarity', this.#chart, '--wait', '--timeout=180s', ...options)
  }

  /** The manifests of the release, each with the namespace that it went to. */
  async manifest(): Promise<string> {
    const items = parseManifests(await this.run('get', 'manifest', 'polarity')).map((each) => ({
      ...each,
      metadata: { namespace: this.#namespace, ...each.metadata },
    }))
    return JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  }

  /** Throws what it says if it fails, or if it warns. */
  async run(...args: readonly string[]): Promise<string> {
    const all = [...args, `--namespace=${this.#namespace}`]
    const { status, stdout, stderr } = await runProgram(HELM, all, { env: this.#env })
    if (status === 0 && stderr === '') return stdout
    throw new Error(`helm ${args[0]}: ${status}: ${stderr.trim()}`)
  }
}
