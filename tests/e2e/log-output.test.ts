import { spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RUNTIMES } from '../../harness/process.ts'
import { UnreadProcess } from '../../harness/unread-process.ts'

const TMPFS = ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs']
const TEXT = ['I love it']
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
  let service: UnreadProcess | undefined

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'log-'))
  })
  afterEach(async () => {
    await service?.stop()
    spawnSync('umount', [place])
    rmSync(place, { recursive: true })
  })

  const start = async (output: number | 'unread'): Promise<UnreadProcess> => {
    service = await UnreadProcess.start(runtime, output)
    return service
  }

  async function endsOnSignal(service: UnreadProcess): Promise<void> {
    service.signal('SIGTERM')
    expect(await service.exit()).toBe(0)
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
    expect((await service.predict(TEXT)).status).toBe(200)
    expect(await service.metric(LOST)).toBeGreaterThan(0)
    await endsOnSignal(service)
  })

  it.each(['pipe', 'socket'])('may be a %s that nobody reads', async (kind) => {
    const service = await start(kind === 'pipe' ? openPipe() : 'unread')
    await flood(service.url)
    expect((await service.predict(TEXT)).status).toBe(200)
    expect((await fetch(`${service.url}/health`)).status).toBe(200)
    expect(await service.metric(LOST)).toBeGreaterThan(0)
    await endsOnSignal(service)
  })

  it('says how many lines were lost once somebody reads again', async () => {
    const pipe = openPipe()
    const service = await start(pipe)
    await flood(service.url)
    const lost = await service.metric(LOST)
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
    const service = await start(file)
    closeSync(file)
    writeFileSync(join(place, 'other'), Buffer.alloc(40_000))
    const answers = []
    for (let i = 0; i < 200; i++) answers.push((await service.predict(TEXT)).status)
    expect(new Set(answers)).toEqual(new Set([200]))
    const series = 'http_requests_total{method="POST",route="/predict",status="200",ok="true"}'
    expect(await service.metric(series)).toBe(200)
    expect(await service.metric(LOST)).toBeGreaterThan(0)

    rmSync(join(place, 'other'))
    const log = () => readFileSync(join(place, 'log'), 'utf8')
    for (let i = 0; i < 100 && !log().includes('log_lines_lost'); i++) {
      await service.predict(TEXT)
      await sleep(20) // A line is written after its answer.
    }
    const lost = await service.metric(LOST)
    expect(log()).toContain(`"event":"log_lines_lost","lines":${lost}`)
    const text = log()
    // The line that was cut by the full disk stands alone.
    const whole = text.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'))
    expect(whole.map((line) => JSON.parse(line).event)).toContain('log_lines_lost')
    expect(text.trimEnd().split('\n').length - whole.length).toBeLessThan(2)
  })
})
