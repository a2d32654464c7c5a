import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer, type Server } from 'node:https'
import { z } from 'zod'
import { freePort } from '../../harness/free-port.ts'
import { ServiceProcess } from '../../harness/process.ts'
import type { ControlPlane } from './control-plane.ts'

const Named = z.object({ metadata: z.object({ name: z.string(), namespace: z.string() }) })
const CERTIFICATES = '/apis/cert-manager.io/v1/certificates'

/**
 * What answers at production's host after a deployment: the service as a process, behind TLS. And what
 * says that there is a certificate: cert-manager is played too.
 */
export class Gateway {
  readonly #service: ServiceProcess
  readonly #server: Server
  readonly #stopCertificates: () => void
  /** Host and port. */
  readonly host: string

  private constructor(service: ServiceProcess, { plane, port }: Place) {
    const { key, cert } = plane.certificates.server
    this.host = `localhost:${port}`
    this.#service = service
    this.#server = createServer({ key: readFileSync(key), cert: readFileSync(cert) })
    this.#server.on('request', (incoming, outgoing) => {
      const { method, url, headers } = incoming
      const forwarded = request(service.url + url, { method, headers }, (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers)
        response.pipe(outgoing)
      })
      forwarded.on('error', () => outgoing.writeHead(502).end())
      incoming.pipe(forwarded)
    })
    this.#stopCertificates = plane.api.watch(CERTIFICATES, ({ type, object }) => {
      const { metadata } = Named.parse(object)
      if (type === 'ADDED') void issue(plane, metadata)
    })
  }

  /** `env` is the service's. */
  static async start(plane: ControlPlane, env: Record<string, string>): Promise<Gateway> {
    const service = await new ServiceProcess('node', env).ready()
    const port = await freePort()
    const gateway = new Gateway(service, { plane, port })
    await once(gateway.#server.listen(port, '127.0.0.1'), 'listening')
    return gateway
  }

  async close(): Promise<void> {
    this.#stopCertificates()
    this.#server.close()
    this.#server.closeAllConnections()
    this.#service.signal('SIGKILL')
    await this.#service.exit()
  }
}

interface Place {
  readonly plane: ControlPlane
  readonly port: number
}

async function issue(
  { api }: ControlPlane,
  { name, namespace }: z.infer<typeof Named>['metadata'],
) {
  const condition = { type: 'Ready', status: 'True', reason: 'Ready', message: 'played' }
  const status = {
    conditions: [{ ...condition, lastTransitionTime: new Date().toISOString() }],
  }
  await api.merge(`/apis/cert-manager.io/v1/namespaces/${namespace}/certificates/${name}/status`, {
    status,
  })
}
