import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { ConfigError, loadConfig } from './config.ts'
import { createService, type Fetch, type Service } from './service.ts'
import { createLogger, type Logger } from './telemetry/logger.ts'

interface Address {
  readonly hostname: string
  /** 0 for any free port. */
  readonly port: number
}

interface Server {
  readonly port: number
  /** Stops accepting, and resolves once every open request is answered. */
  stop(): Promise<unknown>
}

/** For the workers to finish their batches before the process ends by a bug. */
const LAST_BATCHES_MS = 2000

/** Opens a port with the runtime's own server. */
export type Listen = (fetch: Fetch, address: Address) => Promise<Server>

/** One life of the process: warm up, open the ports, and on the first signal finish what was begun and leave. */
export async function run(listen: Listen): Promise<void> {
  try {
    await live(listen)
    process.exit(0)
  } catch (error) {
    // A bad configuration is the operator's to mend: its message says all, and a stack would hide it.
    process.stderr.write(`${error instanceof ConfigError ? error.message : inspect(error)}\n`)
    process.exit(1)
  }
}

async function live(listen: Listen): Promise<void> {
  const signal = nextSignal()
  const config = loadConfig(process.env)
  const log = createLogger(config.LOG_LEVEL)
  log.info({ model: config.MODEL, pid: process.pid }, 'starting')
  const service = await createService(config, log)
  endOnBugs(service, log)

  const address = { hostname: config.HOST, port: config.INTERNAL_PORT }
  const internal = await listen(service.internalFetch, address)
  log.info({ internal_port: internal.port }, 'warming')
  const fetch = await Promise.race([service.open(), signal.then(() => undefined)])
  if (!fetch) return // The signal came before there was anything to drain.
  const server = await listen(fetch, { hostname: config.HOST, port: config.PORT })
  service.serve()
  const seconds = Math.round(process.uptime() * 1000) / 1000
  log.info({ port: server.port, internal_port: internal.port, start_seconds: seconds }, 'ready')

  log.info({ signal: await signal }, 'draining')
  endSoon(log, config.DRAIN_SECONDS + config.SHUTDOWN_TIMEOUT_SECONDS)
  await shutDown(service, [server, internal], config.DRAIN_SECONDS)
  log.info('closed')
}

async function shutDown(
  service: Service,
  servers: readonly Server[],
  drainSeconds: number,
): Promise<void> {
  service.drain()
  await sleep(drainSeconds * 1000)
  for (const server of servers) await server.stop()
  await service.close()
}

/** After an error that nobody caught the state is unknown: the story goes to the log, and the process ends. */
function endOnBugs(service: Service, log: Logger): void {
  const end = (error: unknown) => {
    log.fatal({ err: error }, 'ended by an error that nobody caught')
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_BATCHES_MS)
    void service.close().finally(() => process.exit(1))
  }
  process.once('uncaughtException', end)
  process.once('unhandledRejection', end)
}

/** A second signal, or open requests that take too long, end the process at once. */
function endSoon(log: Logger, seconds: number): void {
  const end = (reason: string) => {
    log.error({ reason }, 'ended before everything was answered')
    // An orderly exit would tear down threads inside native code, which can hang or abort.
    process.kill(process.pid, 'SIGKILL')
  }
  void nextSignal().then(() => end('second signal'))
  setTimeout(() => end('SHUTDOWN_TIMEOUT_SECONDS'), seconds * 1000)
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
}
