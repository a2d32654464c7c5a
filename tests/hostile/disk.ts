import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UnreadProcess } from '../../harness/unread-process.ts'
import { type Answer, all, ask, predict, tally } from './client.ts'
import type { Circumstances, Part } from './part.ts'

const REQUESTS = 150
/** More lines than a pipe and the service hold: each has a long request id. */
const FLOOD = 3000
const EXIT_SECONDS = 10

type Output = number | 'closed'

/** Where the log goes: opens it, and returns it with what closes it again. */
const OUTPUTS: Record<string, (folder: string) => Output> = {
  '/dev/full': () => openSync('/dev/full', 'w'),
  'a full disk': (folder) => openSync(join(folder, 'log'), 'a'),
  'a pipe that nobody reads'(folder) {
    const fifo = join(folder, 'fifo')
    spawnSync('mkfifo', [fifo])
    return openSync(fifo, 'r+')
  },
  'a closed pipe': () => 'closed',
}

/** Standard outputs that take nothing. */
export const disk: Part = async (circumstances) => {
  for (const [name, open] of Object.entries(OUTPUTS)) {
    const folder = mkdtempSync(join(tmpdir(), 'hostile-'))
    const tmpfs = ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]
    const mounted = name === 'a full disk' && spawnSync('mount', tmpfs).status === 0
    try {
      if (name === 'a full disk' && !mounted)
        circumstances.report.skip(`${circumstances.runtime} disk: ${name}`, 'a tmpfs needs root')
      else await writeTo(circumstances, { name, output: open(folder), folder })
    } finally {
      if (mounted) spawnSync('umount', [folder])
      rmSync(folder, { recursive: true })
    }
  }
}

async function writeTo(
  { runtime, report, slack }: Circumstances,
  { name, output, folder }: { name: string; output: Output; folder: string },
): Promise<void> {
  let service: UnreadProcess | undefined
  try {
    service = await UnreadProcess.start(runtime, output)
    if (name === 'a full disk') writeFileSync(join(folder, 'other'), Buffer.alloc(40_000))
    const { url, internalUrl } = service
    const answers = await flood(url)
    const metrics = (await ask(internalUrl, { path: '/metrics', timeoutMs: 5000 })).text
    const lost = Number(/^polarity_log_lines_lost_total (\d+)/m.exec(metrics)?.[1])
    const answered =
      /http_requests_total\{method="POST",route="\/predict",status="200",ok="true"\} (\d+)/.exec(
        metrics,
      )?.[1]
    service.signal('SIGTERM')
    const late = sleep(EXIT_SECONDS * slack * 1000, undefined, { ref: false })
    const code = await Promise.race([service.exit(), late])
    report.add({
      attack: `${runtime} disk: ${name} under the log`,
      held: all(answers, 200) && answered === `${REQUESTS}` && lost > 0 && code === 0,
      figure: `${tally(answers)}, metrics say ${answered} x 200, ${lost} lines lost, SIGTERM ${code === undefined ? 'ignored' : `ends it with ${code}`}`,
      bound: `${REQUESTS} x 200 in both, lost lines counted, exit code 0`,
    })
  } catch (error) {
    const figure = error instanceof Error ? error.message : `${error}`
    report.add({ attack: `${runtime} disk: ${name}`, held: false, figure, bound: 'ready' })
  } finally {
    await service?.stop()
    if (typeof output === 'number') closeSync(output)
  }
}

/** Fills whatever the log goes to, then asks for predictions. */
async function flood(url: string): Promise<Answer[]> {
  const headers = { 'x-request-id': 'a'.repeat(255) }
  const fill = async () => {
    for (let i = 0; i < FLOOD / 20; i++) await ask(url, { path: '/none', headers, timeoutMs: 2000 })
  }
  const filled = Promise.all(Array.from({ length: 20 }, fill))
  await filled
  const answers: Answer[] = []
  for (let i = 0; i < REQUESTS; i++) answers.push(await predict(url, ['I love it']))
  return answers
}
