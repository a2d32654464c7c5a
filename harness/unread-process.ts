import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import { RunningService, type Runtime, TINY_MODEL } from './process.ts'

/** Where standard output goes: a file descriptor, a pipe that stays unread, or one that is closed at once. */
type Output = number | 'unread' | 'closed'

const PATIENCE_MS = 60_000

/** The service as a real process that logs each request, to where nobody reads: so it can't tell its ports by the log. */
export class UnreadProcess extends RunningService {
  /** Throws if it does not become ready. */
  static async start(runtime: Runtime, output: Output): Promise<UnreadProcess> {
    const service = new UnreadProcess(runtime, output, [await freePort(), await freePort()])
    const end = performance.now() + PATIENCE_MS
    while (performance.now() < end && service.child.exitCode === null) {
      if (await service.#isReady()) return service
      await sleep(20)
    }
    await service.stop()
    throw new Error('The service did not become ready.')
  }

  private constructor(runtime: Runtime, output: Output, [port, internalPort]: [number, number]) {
    const env = {
      PORT: `${port}`,
      INTERNAL_PORT: `${internalPort}`,
      MODEL: TINY_MODEL,
      WORKERS: '1',
      DRAIN_SECONDS: '0',
      LOG_REQUESTS_PER_SECOND: '1000000',
    }
    super(runtime, {
      env,
      stdio: ['ignore', typeof output === 'number' ? output : 'pipe', 'ignore'],
    })
    if (output === 'closed') this.child.stdout?.destroy()
    this.listensOn(port, internalPort)
  }

  async #isReady(): Promise<boolean> {
    const signal = AbortSignal.timeout(1000)
    const response = await fetch(`${this.internalUrl}/readyz`, { signal }).catch(() => undefined)
    await response?.text()
    return response?.ok ?? false
  }
}
