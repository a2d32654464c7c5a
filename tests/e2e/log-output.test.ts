import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../harness/free-port.ts'
import { RUNTIMES, runtimePath, TINY_MODEL } from '../../harness/process.ts'

const ROOT = join(import.meta.dirname, '../..')
const TMPFS = ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs']
const LOST = 'polarity_log_lines_lost_total'

const mayMount = (() => {
  const place = mkdtempSync(join(tmpdir(), 'mount-'))
  const mounted = spawnSync('mount', [...TMPFS, place]).status === 0
  if (mounted) spawnSync('umount', [place])
  rmSync(place, { recursive: true })
  return mounted
})()
if (!mayMount) process.stderr.write('A full tmpfs is not tested: mounting one needs root.\n')

/** More lines than a pipe and the service hold: each has a long request id. */
async function flood(url: string, requests = 6000): Promise<void> {
  const send = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const id = `${i}-`.padEnd(255, 'a')
      await (await fetch(`${url}/none`, { headers: { 'x-request-id': id } })).text()
    }
  }
  await Promise.all(Array.from({ length: 20 }, () => send(requests / 20)))
}

describe.each(RUNTIMES)('standard output of a process on %s', (runtime) => {
  let place = ''
  let child: ChildProcess | undefined
  let url = ''
  let internalUrl = ''

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'log-'))
  })
  afterEach(async () => {
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    spawnSync('umount', [place])
    rmSync(place, { recursive: true })
  })

  const status = async (address: string) => {
    const response = await fetch(address).catch(() => undefined)
    await response?.text()
    return response?.status
  }
  const metric = async (name: string) => {
    const scrape = await (await fetch(`${internalUrl}/metrics`)).text()
    const line = scrape.split('\n').find((sample) => sample.startsWith(`${name} `))
    return Number(line?.split(' ').at(-1))
  }
  const predict = () =>
    fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: ['I love it'] }),
    })

  async function start(stdout: number | 'pipe'): Promise<ChildProcess> {
    const [port, internalPort] = [await freePort(), await freePort()]
    url = `http://127.0.0.1:${port}`
    internalUrl = `http://127.0.0.1:${internalPort}`
    const env = {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: `${port}`,
      INTERNAL_PORT: `${internalPort}`,
      MODEL: TINY_MODEL,
      WORKERS: '1',
      DRAIN_SECONDS: '0',
      LOG_REQUESTS_PER_SECOND: '1000000',
    }
    const stdio: StdioOptions = ['ignore', stdout, 'ignore']
    child = spawn(runtimePath(runtime), [`app/${runtime}.ts`], { cwd: ROOT, env, stdio })
    while ((await status(`${internalUrl}/readyz`)) !== 200) {
      if (child.exitCode !== null) throw new Error(`Exited with ${child.exitCode}.`)
      await sleep(20)
    }
    return child
  }

  async function endsOnSignal(service: ChildProcess): Promise<void> {
    const exited = once(service, 'exit')
    service.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
  }

  /** A pipe of which nobody reads, as a descriptor that both ends share. */
  function openPipe(): number {
    const fifo = join(place, 'fifo')
    spawnSync('mkfifo', [fifo])
    return openSync(fifo, 'r+')
  }

  it('may be full from the start', async () => {
    const full = openSync('/dev/full', 'w')
    const service = await start(full)
    closeSync(full)
    expect((await predict()).status).toBe(200)
    expect(await metric(LOST)).toBeGreaterThan(0)
    await endsOnSignal(service)
  })

  it.each(['pipe', 'socket'])('may be a %s that nobody reads', async (kind) => {
    const service = await start(kind === 'pipe' ? openPipe() : 'pipe')
    await flood(url)
    expect((await predict()).status).toBe(200)
    expect(await status(`${url}/health`)).toBe(200)
    expect(await metric(LOST)).toBeGreaterThan(0)
    await endsOnSignal(service)
  })

  it('says how many lines were lost once somebody reads again', async () => {
    const pipe = openPipe()
    await start(pipe)
    await flood(url)
    const lost = await metric(LOST)
    const reader = spawn('cat', { stdio: [pipe, 'pipe', 'ignore'] })
    let text = ''
    for await (const chunk of reader.stdout ?? []) {
      text += chunk
      if (text.includes('"log_lines_lost"') && text.endsWith('\n')) break
    }
    reader.kill()
    closeSync(pipe)
    const lines = text.trimEnd().split('\n')
    const times = lines.map((line) => JSON.parse(line).time)
    expect(times).toEqual([...times].sort())
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'log_lines_lost', lines: lost })
  })

  it.skipIf(!mayMount)('may fill its disk, and goes on when there is room again', async () => {
    spawnSync('mount', [...TMPFS, place])
    const file = openSync(join(place, 'log'), 'a')
    await start(file)
    closeSync(file)
    writeFileSync(join(place, 'other'), Buffer.alloc(40_000))
    const answers = []
    for (let i = 0; i < 200; i++) answers.push((await predict()).status)
    expect(new Set(answers)).toEqual(new Set([200]))
    const series = 'http_requests_total{method="POST",route="/predict",status="200",ok="true"}'
    expect(await metric(series)).toBe(200)
    const lost = await metric(LOST)
    expect(lost).toBeGreaterThan(0)

    rmSync(join(place, 'other'))
    const log = () => readFileSync(join(place, 'log'), 'utf8')
    while (!log().includes(`"event":"log_lines_lost","lines":${lost}`)) await predict()
    const text = log()
    // The line that was cut by the full disk stands alone.
    const whole = text.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'))
    expect(whole.map((line) => JSON.parse(line).event)).toContain('log_lines_lost')
    expect(text.trimEnd().split('\n').length - whole.length).toBeLessThan(2)
  })
})
