import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../harness/free-port.ts'
import { runtimePath, TINY_MODEL } from '../../harness/process.ts'
import { ask } from './client.ts'
import type { Runtime } from './part.ts'

const ROOT = join(import.meta.dirname, '../..')
const PATIENCE_MS = 30_000

/** The service with a standard output that this process does not read: it can't be told its ports by the log. */
export interface UnreadService {
  readonly url: string
  readonly internalUrl: string
  /** Sends SIGTERM; resolves with the exit code, or with `undefined` if it does not end in time. */
  end(seconds: number): Promise<number | null | undefined>
  /** Ends it by force, if it still runs. */
  stop(): Promise<void>
}

/** `stdout` is a file descriptor, or `closed` for a pipe that is closed at once. */
export async function openUnread(
  runtime: Runtime,
  stdout: number | 'closed',
): Promise<UnreadService> {
  const [port, internalPort] = [await freePort(), await freePort()]
  const env = {
    PATH: join(ROOT, 'node_modules/.bin'),
    HOST: '127.0.0.1',
    PORT: `${port}`,
    INTERNAL_PORT: `${internalPort}`,
    MODEL: TINY_MODEL,
    WORKERS: '1',
    DRAIN_SECONDS: '0',
    LOG_REQUESTS_PER_SECOND: '1000000',
  }
  const output = stdout === 'closed' ? 'pipe' : stdout
  const stdio = ['ignore', output, 'ignore'] satisfies ['ignore', 'pipe' | number, 'ignore']
  const child = spawn(runtimePath(runtime), [`app/${runtime}.ts`], { cwd: ROOT, env, stdio })
  child.stdout?.destroy()
  const exited = once(child, 'exit').then(([code]): number | null => code)
  const internalUrl = `http://127.0.0.1:${internalPort}`
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGKILL')
    await exited
  }
  if (!(await isReady(child, internalUrl))) {
    await stop()
    throw new Error('the service did not become ready')
  }
  return {
    url: `http://127.0.0.1:${port}`,
    internalUrl,
    async end(seconds) {
      child.kill('SIGTERM')
      return await Promise.race([exited, sleep(seconds * 1000, undefined, { ref: false })])
    },
    stop,
  }
}

async function isReady(child: ChildProcess, internalUrl: string): Promise<boolean> {
  const end = performance.now() + PATIENCE_MS
  while (performance.now() < end && child.exitCode === null) {
    if ((await ask(internalUrl, { path: '/readyz', timeoutMs: 1000 })).status === 200) return true
    await sleep(20)
  }
  return false
}
