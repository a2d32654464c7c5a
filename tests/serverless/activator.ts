import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  request as requestHttp,
  type ServerResponse,
} from 'node:http'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../harness/free-port.ts'
import { type Runtime, ServiceProcess } from '../../harness/process.ts'

/** As often as Knative's proxy beside a pod asks. */
const POLL_MS = 50
const MOST_POLLS = 1200

interface Instance {
  readonly process: ServiceProcess
  readonly port: number
}

/**
 * What a serverless platform has in front of a service: it listens while nothing runs, holds the
 * requests that come, starts the service for the first of them, and forwards them once it is ready.
 */
export class Activator {
  readonly #runtime: Runtime
  readonly #env: Record<string, string>
  readonly #server = createServer((incoming, outgoing) => void this.#answer(incoming, outgoing))
  #instance: Promise<Instance> | undefined
  /** Processes that were started. */
  started = 0

  constructor(runtime: Runtime, env: Record<string, string> = {}) {
    this.#runtime = runtime
    this.#env = env
  }

  /** Resolves with the URL that it listens on. */
  async listen(): Promise<string> {
    const port = await freePort()
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${port}`
  }

  /** Ends the service as a platform does. Resolves with its log and exit code; `undefined` if nothing ran. */
  async scaleToZero() {
    const instance = await this.#instance
    this.#instance = undefined
    if (!instance) return undefined
    instance.process.signal('SIGTERM')
    const code = await instance.process.exit()
    return { code, log: instance.process.log }
  }

  async close(): Promise<void> {
    const instance = await this.#instance?.catch(() => undefined)
    await instance?.process.stop()
    this.#server.closeAllConnections()
    this.#server.close()
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      this.#instance ??= this.#start()
      await forward(incoming, outgoing, (await this.#instance).port)
    } catch (error) {
      if (!outgoing.headersSent) outgoing.writeHead(502)
      outgoing.end(String(error))
    }
  }

  async #start(): Promise<Instance> {
    this.started++
    const [port, internalPort] = [await freePort(), await freePort()]
    const ports = { PORT: String(port), INTERNAL_PORT: String(internalPort) }
    const process = new ServiceProcess(this.#runtime, { ...this.#env, ...ports })
    let ended = false
    void process.exit().then(() => {
      ended = true
    })
    for (let polls = 0; polls < MOST_POLLS && !ended; polls++) {
      if (await isReady(internalPort)) return { process, port }
      await sleep(POLL_MS)
    }
    await process.stop()
    this.#instance = undefined // The next request tries again.
    throw new Error(`The service was not ready in time:\n${process.output}`)
  }
}

const isReady = (internalPort: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${internalPort}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )

async function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: number,
): Promise<void> {
  const { method, url, headers } = incoming
  const onward = requestHttp({ host: '127.0.0.1', port, method, path: url, headers })
  const answered = once(onward, 'response')
  incoming.pipe(onward)
  const [answer]: IncomingMessage[] = await answered
  if (!answer) throw new Error('no response')
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
  await pipeline(answer, outgoing)
}
