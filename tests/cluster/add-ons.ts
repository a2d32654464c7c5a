import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { createServer, type Server } from 'node:https'
import { json } from 'node:stream/consumers'
import { freePort } from '../../harness/free-port.ts'
import { registrations } from './add-on-objects.ts'
import type { Certificates } from './certificates.ts'
import type { ControlPlane } from './control-plane.ts'
import { inject } from './injection.ts'
import { answerMetrics, type Load } from './metrics.ts'

/** What a cluster has beside Kubernetes, as one HTTPS server: metrics of pods, and the mesh's injection of sidecars. */
export class AddOns {
  readonly #server: Server
  /** What the pods of the service have to do together; nothing to begin with. */
  readonly load: Load = { cores: 0, queueTokens: 0 }

  private constructor(plane: ControlPlane) {
    const { server } = plane.certificates
    this.#server = createServer(
      { key: readFileSync(server.key), cert: readFileSync(server.cert) },
      (request, response) => {
        this.#answer(plane, request).then(
          (body) => {
            response.writeHead(body === undefined ? 404 : 200, {
              'content-type': 'application/json',
            })
            response.end(JSON.stringify(body ?? {}))
          },
          (error) => response.writeHead(500).end(`${error}`),
        )
      },
    )
  }

  /** Listens, and is known to the API server; `revision` is the mesh's. */
  static async start(plane: ControlPlane, revision: string): Promise<AddOns> {
    const addOns = new AddOns(plane)
    const port = await freePort()
    await once(addOns.#server.listen(port, '127.0.0.1'), 'listening')
    const at = { port, ca: caOf(plane.certificates), revision }
    await plane.kubectl.ok(['create', '--filename', '-'], JSON.stringify(registrations(at)))
    return addOns
  }

  async #answer(plane: ControlPlane, request: IncomingMessage): Promise<object | undefined> {
    const url = new URL(request.url ?? '', 'https://127.0.0.1')
    if (url.pathname === '/inject') return inject(await json(request))
    return answerMetrics(plane.api, url, this.load)
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

const caOf = ({ ca }: Certificates): string => Buffer.from(ca).toString('base64')
