import { once } from 'node:events'
import { createConnection } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../harness/free-port.ts'
import { RUNTIMES, runtimePath } from '../../harness/process.ts'
import { hasTerminal, Terminal } from './terminal.ts'

const HALF_A_REQUEST = 'POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{'

describe.skipIf(!hasTerminal).each(RUNTIMES)('a process on a terminal on %s', (runtime) => {
  let port = 0
  let terminal: Terminal
  beforeEach(async () => {
    port = await freePort()
    // So long that a test which waits for the drain fails.
    const env = { DRAIN_SECONDS: '3600', SHUTDOWN_TIMEOUT_SECONDS: '3600', WORKERS: '1' }
    const address = { HOST: '127.0.0.1', PORT: String(port), INTERNAL_PORT: '0' }
    const command = `${runtimePath(runtime)} app/${runtime}.ts; echo "the shell goes on"`
    terminal = new Terminal(command, { ...env, ...address })
    await terminal.waitFor('ready in')
  })
  afterEach(() => terminal.stop())

  it('prints a greeting, and no JSON', () => {
    expect(terminal.shown).toMatch(/Polarity \S+ {2}sst2-minilm {2}1 worker {2}ready in \d+\.\d s/)
    expect(terminal.shown).toContain(`http://127.0.0.1:${port}/docs`)
    expect(terminal.shown).not.toContain('{"level"')
  })

  it('exits on Ctrl-C without a drain period', async () => {
    terminal.pressCtrlC()
    await terminal.end()
    expect(terminal.shown).toContain('Shutting down')
  })

  it('exits on a second Ctrl-C at once, without a message of the shell', async () => {
    const socket = createConnection({ port, host: '127.0.0.1' })
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    await new Promise((resolve) => socket.write(HALF_A_REQUEST, resolve))
    terminal.pressCtrlC()
    await terminal.waitFor('Shutting down')
    terminal.pressCtrlC()
    await terminal.end()
    socket.destroy()
    expect(terminal.shown).not.toContain('Killed')
  })
})
