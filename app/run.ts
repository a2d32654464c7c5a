import { setTimeout as sleep } from 'node:timers/promises'
import { isatty } from 'node:tty'
import manifest from '../package.json' with { type: 'json' }
import { type Config, ConfigError, loadConfig } from './config.ts'
import { becomeExit, endBy, isCtrlC, nextSignal } from './end.ts'
import { nearMisses } from './near-miss.ts'
import { type Address, checkPorts, openPort, type Server } from './ports.ts'
import { createService, type Service } from './service.ts'
import { LogOutput } from './telemetry/log-output.ts'
import { createLogger, type Logger, toPlainError } from './telemetry/logger.ts'

/** Time for batches in flight after an uncaught exception, before the process is killed. */
const LAST_BATCHES_MS = 2000

/** Time for the last log lines to be written before the process exits. */
const LAST_LINES_MS = 500

/** Interval of `still_warming`. */
const WARMING_MS = 5000

/** What a runtime's own HTTP server is given: `refuse` answers what is not HTTP, or not quite. */
export interface Handlers {
  readonly fetch: Service['internalFetch']
  readonly refuse: Service['refuse']
}

/** Starts the runtime's own HTTP server on a port. */
export type Listen = (handlers: Handlers, address: Address) => Promise<Server>

/** Runs the process: warm up, open the ports, and on the first signal drain, close and exit. */
export async function run(listen: Listen): Promise<void> {
  const output = new LogOutput()
  try {
    await serve(listen, output)
    await exit(0, output)
  } catch (error) {
    process.stderr.write(`${toExitMessage(error)}\n`)
    await exit(1, output)
  }
}

/** Exits once the last log lines are written, or after a timeout if their reader is stuck. */
async function exit(code: number, output: LogOutput): Promise<void> {
  if (!(await output.flush(LAST_LINES_MS))) becomeExit(code)
  process.exit(code)
}

/**
 * The message of a `ConfigError`, which is for the operator; the stack of a bug, without the error's
 * other properties, which may hold a password.
 */
function toExitMessage(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  const { stack, message } = toPlainError(error)
  return stack ?? message
}

async function serve(listen: Listen, output: LogOutput): Promise<void> {
  const signal = nextSignal()
  const config = loadConfig(process.env)
  const log = createLog(config, output)
  const about = { version: manifest.version, model: config.MODEL }
  log.info({ event: 'starting', ...about, pid: process.pid }, 'starting')
  for (const { variable, meant } of nearMisses(Object.keys(process.env)))
    log.warn({ event: 'unknown_setting', variable, meant }, 'unknown setting')
  await checkPorts(config, (address) => listen(CLOSED, address))
  const service = await createService(config, log, output)
  endOnBugs({ service, log, output })

  const { internalFetch, refuse, workers } = service
  const internal = await openPort(config, 'INTERNAL_PORT', (at) =>
    listen({ fetch: internalFetch, refuse }, at),
  )
  log.info(
    { event: 'warming', model: config.MODEL, workers, internal_port: internal.port },
    'warming',
  )
  const answers = await Promise.race([warm(service, log), signal.then(() => undefined)])
  if (!answers) return // The signal came before there was anything to drain.
  const server = await openPort(config, 'PORT', (at) => listen({ fetch: answers.http, refuse }, at))
  const grpc = answers.grpc && (await openGrpcPort(config, answers.grpc))
  service.serve()
  const ports = { port: server.port, internal_port: internal.port, grpc_port: grpc?.port }
  const seconds = Math.round(process.uptime() * 1000) / 1000
  log.info(
    { event: 'ready', ...about, workers, host: config.HOST, ...ports, start_seconds: seconds },
    'ready',
  )

  const publicServers = grpc ? [server, grpc] : [server]
  await end(await signal, { config, log, output, service, publicServers, internal })
  log.info({ event: 'closed' }, 'closed')
}

function createLog({ LOG_LEVEL, LOG_FORMAT }: Config, output: LogOutput): Logger {
  const log = createLogger(LOG_LEVEL, output, LOG_FORMAT ?? (isatty(1) ? 'pretty' : 'json'))
  output.onResumed((lines) => log.warn({ event: 'log_lines_lost', lines }, 'log lines lost'))
  return log
}

/** For a port that is opened only to see whether it is free. */
const CLOSED: Handlers = {
  fetch: () => new Response(null, { status: 503 }),
  refuse: () => ({ status: 503, title: '', headers: {}, body: '' }),
}

/** Loaded where it is wanted. */
async function openGrpcPort(config: Config, fetch: Handlers['fetch']): Promise<Server> {
  const { listenHttp2 } = await import('./http2.ts')
  return await openPort(config, 'GRPC_PORT', (address) => listenHttp2(fetch, address))
}

async function warm(service: Service, log: Logger): ReturnType<Service['open']> {
  const startedAt = performance.now()
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    log.info({ event: 'still_warming', seconds }, 'still warming')
  }, WARMING_MS)
  return await service.open().finally(() => clearInterval(timer))
}

interface Running {
  readonly config: Config
  readonly log: Logger
  readonly output: LogOutput
  readonly service: Service
  readonly publicServers: readonly Server[]
  readonly internal: Server
}

async function end(signal: NodeJS.Signals, running: Running): Promise<void> {
  const { config, log } = running
  const drainSeconds = isCtrlC(signal) ? 0 : config.DRAIN_SECONDS
  forceLater(running, signal, drainSeconds + config.SHUTDOWN_TIMEOUT_SECONDS)
  log.info({ event: 'drain_started', signal }, 'drain started')
  await shutDown(running, drainSeconds)
}

async function shutDown(
  { service, publicServers, internal }: Running,
  drainSeconds: number,
): Promise<void> {
  service.drain()
  await sleep(drainSeconds * 1000)
  await Promise.all(publicServers.map((server) => server.stop()))
  await internal.stop()
  await service.close()
}

/** An uncaught exception leaves an unknown state: logs it, and ends the process. */
function endOnBugs({ service, log, output }: Pick<Running, 'service' | 'log' | 'output'>): void {
  const end = (error: unknown) => {
    log.fatal({ event: 'uncaught_exception', err: error }, 'uncaught exception')
    setTimeout(() => endBy('SIGKILL'), LAST_BATCHES_MS)
    const leave = () => exit(1, output)
    void service.close().then(leave, leave)
  }
  process.once('uncaughtException', end)
  process.once('unhandledRejection', end)
}

/** A second signal, or open requests that take too long, force the shutdown. */
function forceLater({ log, output }: Running, first: NodeJS.Signals, seconds: number): void {
  const end = (reason: string, signal: NodeJS.Signals) => {
    log.error(
      { event: 'shutdown_forced', reason },
      'shutdown forced before all requests were answered',
    )
    void output.flush(LAST_LINES_MS).then(() => endBy(signal))
  }
  void nextSignal().then((second) => end('second signal', second))
  setTimeout(() => end('SHUTDOWN_TIMEOUT_SECONDS', first), seconds * 1000)
}
