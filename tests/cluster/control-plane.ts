import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { freePort } from '../../harness/free-port.ts'
import { Api } from './api.ts'
import { type Certificates, makeCertificates } from './certificates.ts'
import {
  apiServerOptions,
  clientOptions,
  etcdOptions,
  type Place,
  writeKubeconfig,
} from './control-plane-options.ts'
import { Daemon } from './daemon.ts'
import { Kubectl } from './kubectl.ts'
import { until } from './wait.ts'

const probe = async (url: string) => (await fetch(url)).ok

/** etcd, API server, controller manager and scheduler on free ports of 127.0.0.1, in a temporary folder. */
export class ControlPlane {
  readonly #daemons: Daemon[] = []
  readonly #place: Place
  /** Of the administrator. */
  readonly api: Api
  readonly kubectl: Kubectl
  readonly kubeconfig: string

  private constructor(place: Place) {
    this.#place = place
    this.kubeconfig = writeKubeconfig(place, 'admin')
    this.api = new Api(place.url, place.certificates.ca, place.tokens.admin)
    this.kubectl = new Kubectl(this.kubeconfig, place.folder)
  }

  static async start(): Promise<ControlPlane> {
    const folder = mkdtempSync(join(tmpdir(), 'control-plane-'))
    const [etcd, port] = [await freePort(), await freePort()]
    const token = () => randomBytes(16).toString('hex')
    const plane = new ControlPlane({
      ...{ folder, port, url: `https://127.0.0.1:${port}`, etcd: `http://127.0.0.1:${etcd}` },
      certificates: makeCertificates(folder),
      tokens: {
        admin: token(),
        'system:kube-controller-manager': token(),
        'system:kube-scheduler': token(),
      },
    })
    try {
      await plane.#start()
      return plane
    } catch (error) {
      await plane.close()
      throw error
    }
  }

  /** Where certificates lie, and what else goes away with the control plane. */
  get folder(): string {
    return this.#place.folder
  }

  get certificates(): Certificates {
    return this.#place.certificates
  }

  async #start(): Promise<void> {
    const { etcd } = this.#place
    const peer = `http://127.0.0.1:${await freePort()}`
    await this.#run('etcd', etcdOptions(etcd, peer), () => probe(`${etcd}/health`))
    await this.#run('kube-apiserver', apiServerOptions(this.#place), () => this.#isReady())
    await until('namespaces of the API server itself', 60, () => this.#hasNamespaces())
    await Promise.all([
      this.#runClient('kube-controller-manager', await freePort()),
      this.#runClient('kube-scheduler', await freePort()),
    ])
  }

  #runClient(name: 'kube-controller-manager' | 'kube-scheduler', port: number): Promise<void> {
    const options = clientOptions(this.#place, name, port)
    return this.#run(name, options, () => this.#isHealthy(port))
  }

  async #run(
    name: string,
    options: readonly string[],
    isReady: () => Promise<boolean>,
  ): Promise<void> {
    const daemon = new Daemon(name, this.#place.folder, options)
    this.#daemons.push(daemon)
    await daemon.ready(isReady)
  }

  async #isReady(): Promise<boolean> {
    const { status } = await this.api.call({ method: 'GET', path: '/readyz' })
    return status === 200
  }

  async #hasNamespaces(): Promise<true | undefined> {
    const paths = ['kube-system', 'kube-node-lease'].map((name) => `/api/v1/namespaces/${name}`)
    const found = await Promise.all(paths.map((path) => this.api.get(path, z.unknown())))
    return found.every((namespace) => namespace !== undefined) || undefined
  }

  async #isHealthy(port: number): Promise<boolean> {
    const { certificates } = this.#place
    const api = new Api(`https://127.0.0.1:${port}`, certificates.ca, '')
    try {
      return (await api.call({ method: 'GET', path: '/healthz' })).status === 200
    } finally {
      api.close()
    }
  }

  /** Ends every program, the API server's clients first, and deletes the folder. */
  async close(): Promise<void> {
    this.api.close()
    for (const daemon of this.#daemons.reverse()) await daemon.close()
    rmSync(this.#place.folder, { recursive: true })
  }
}
