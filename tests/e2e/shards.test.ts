import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RUNTIMES, runtimePath, TINY_MODEL } from '../../harness/process.ts'
import { argumentsOf, jobsOf } from '../kustomize/bulk-job.ts'
import { hasManifestTools, parseResources, ROOT, runKustomize } from '../kustomize/rendered.ts'

/** In place of the overlay's, to start fewer processes. */
const SHARDS = 3
/** Two chunks for two of the shards, the last one short. */
const ROWS = 4600
/** Times that a shard is killed at most, and how long it may have run by then. */
const KILLS = 2
const KILLED_WITHIN_MS = 2500

/** Some of a row's texts have line breaks, some are blank. */
const table = () =>
  Array.from({ length: ROWS }, (_, i) => {
    if (i % 1000 === 999) return `${i},`
    return i % 7 === 0 ? `${i},"film ${i}\nis, well, good"` : `${i},film ${i} is good`
  })

describe.skipIf(!hasManifestTools).each(RUNTIMES)('the Jobs of shards on %s', (runtime) => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shards-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** As in a pod, but for folder, model and number. */
  const toLocal = (args: readonly string[]) =>
    args.map((arg) =>
      arg
        .replace('/data/', `${folder}/`)
        .replace(/^--model=.*/, `--model=${TINY_MODEL}`)
        .replace(/^--shards=.*/, `--shards=${SHARDS}`),
    )
  const start = (args: readonly string[], index?: number) =>
    spawn(runtimePath(runtime), ['cli/polarity.ts', ...args], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        ...(index !== undefined && { JOB_COMPLETION_INDEX: `${index}` }),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })

  async function run(args: readonly string[], index?: number): Promise<unknown> {
    const child = start(args, index)
    const [stderr, [code]] = await Promise.all([textOf(child.stderr), once(child, 'exit')])
    return code === 0 ? code : `${code}: ${stderr}`
  }

  async function runAndKill(args: readonly string[], index: number): Promise<void> {
    const child = start(args, index)
    child.stderr.resume()
    const exited = once(child, 'exit')
    await Promise.race([exited, sleep(randomInt(KILLED_WITHIN_MS))])
    child.kill('SIGKILL')
    await exited
  }

  it('leave the bytes of one run, whenever their pods are killed', async () => {
    const resources = parseResources(runKustomize(join(ROOT, 'kustomize/overlays/bulk')))
    const jobs = jobsOf(resources)
    const shards = toLocal(argumentsOf(jobs.shards, resources))
    const at = (name: string) => join(folder, name)
    await writeFile(at('reviews.csv'), `id,text\n${table().join('\n')}\n`)

    for (let index = 0; index < SHARDS; index++) {
      for (let kills = randomInt(KILLS + 1); kills > 0; kills--) await runAndKill(shards, index)
      expect(await run(shards, index)).toBe(0)
    }
    expect(await run(toLocal(argumentsOf(jobs.join, resources)))).toBe(0)

    const whole = ['--out', at('whole.csv'), '--allow-bad-rows', `--model=${TINY_MODEL}`]
    expect(await run(['classify', at('reviews.csv'), ...whole])).toBe(0)
    expect(await readFile(at('labelled.csv'), 'utf8')).toBe(await readFile(at('whole.csv'), 'utf8'))
    const summary = JSON.parse(await readFile(at('labelled.csv.summary.json'), 'utf8'))
    expect(summary).toMatchObject({ rows: ROWS, errors: { blank: Math.floor(ROWS / 1000) } })
  }, 240_000)

  it.each([
    { args: ['--shard', '4/4'], says: 'there is no shard 4/4: they are counted from 0' },
    { args: ['--shard', '1'], says: 'there is no shard 1: they are counted from 0' },
    { args: ['--shards', '4'], says: 'JOB_COMPLETION_INDEX, which is not set' },
    { args: ['--shard', '0/4', '--shards', '4'], says: 'leave --shards out' },
    { args: ['--shard', '0/4', '--summary', 'all.json'], says: 'give them to polarity join' },
    { args: ['--shard', '0/4', '--report', 'all.html'], says: 'give them to polarity join' },
  ])('refuse $args as wrong use', async ({ args, says }) => {
    const file = join(folder, 'in.csv')
    await writeFile(file, 'text\ngood\n')
    const refusal = await run(['classify', file, '--out', join(folder, 'out'), ...args])
    expect(refusal).toMatch(/^2: polarity: /)
    expect(refusal).toContain(says)
  })
})
