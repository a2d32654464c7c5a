import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import { RUNTIMES, runtimePath } from '../../harness/process.ts'

/** Whether this user may start a process in a new PID namespace, as PID 1. */
const mayUnshare = (() => {
  if (spawnSync('unshare', ['--map-root-user', '--pid', '--fork', 'true']).status === 0) return true
  process.stderr.write('Tests as PID 1 are skipped: apt-get install util-linux\n')
  return false
})()

// The kernel drops the signals that PID 1 sends to itself, SIGKILL included.
describe.skipIf(!mayUnshare).each(RUNTIMES)('PID 1 of a container on %s', (runtime) => {
  let outer: ChildProcess | undefined
  afterEach(() => void outer?.kill('SIGKILL'))

  it('exits at once on a second signal', async () => {
    const long = { DRAIN_SECONDS: '3600', SHUTDOWN_TIMEOUT_SECONDS: '3600', WORKERS: '1' }
    const command = [runtimePath(runtime), `app/${runtime}.ts`]
    const options = ['--map-root-user', '--pid', '--fork', '--kill-child']
    const child = spawn('unshare', [...options, ...command], {
      env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', INTERNAL_PORT: '0', ...long },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    outer = child
    const exited = once(child, 'exit')
    const inner = () => {
      const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
      return Number(children.trim())
    }
    for await (const line of createInterface(child.stdout)) {
      if (/"event":"(ready|drain_started)"/.test(line)) process.kill(inner(), 'SIGTERM')
    }
    expect(await exited).toEqual([128 + constants.signals.SIGTERM, null])
  })
})
