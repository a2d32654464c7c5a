import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RUNTIMES, runtimePath } from '../../harness/process.ts'

const ROOT = join(import.meta.dirname, '../..')

describe.each(RUNTIMES)('polarity on %s', (runtime) => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'classify-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const start = (...args: readonly string[]) =>
    spawn(runtimePath(runtime), ['cli/polarity.ts', ...args], {
      cwd: ROOT,
      env: { PATH: process.env.PATH },
    })

  /** Runs a command with this on its standard input. */
  async function run(args: readonly string[], input = '') {
    const child = start(...args)
    child.stdin.end(input)
    const [stdout, stderr, [code]] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      once(child, 'exit'),
    ])
    return { stdout, stderr, code }
  }

  it('says what texts are', async () => {
    const { stdout, code } = await run(['I love it', 'I hate it'])
    expect(stdout).toMatch(/^POSITIVE 0\.9\d\d\nNEGATIVE 0\.9\d\d\n$/)
    expect(code).toBe(0)
  })

  it('marks the words that push, without colours where there is no terminal', async () => {
    const { stdout, code } = await run(['Great actors, awful story.', '--explain'])
    expect(stdout).toMatch(/^[A-Z]+ 0\.\d{3} \+*Great actors, -+awful story\.\n$/)
    expect(code).toBe(0)
  })

  it('explains in JSON', async () => {
    const { stdout } = await run(['Great!', '--explain', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      text: 'Great!',
      label: 'POSITIVE',
      explanation: { label: 'POSITIVE', words: [{ from: 0, to: 5, text: 'Great' }] },
    })
  })

  it('filters lines, and says with its exit code that one was blank', async () => {
    const { stdout, stderr, code } = await run(['classify'], 'I love it\n\nI hate it\n')
    expect(stdout).toMatch(
      /^POSITIVE\t0\.9\d{5}\tI love it\nERROR\tblank\t\nNEGATIVE\t0\.9\d{5}\tI hate it\n$/,
    )
    expect(stderr).toContain('not classified: 1 blank')
    expect(code).toBe(3)
  })

  it('answers a line before the next one comes', async () => {
    const child = start('classify')
    child.stdin.write('I love it\n')
    const [first] = await once(child.stdout, 'data')
    expect(String(first)).toContain('I love it')
    child.stdin.end('I hate it\n')
    expect(await textOf(child.stdout)).toContain('I hate it')
  })

  it('ends quietly when its reader has left', async () => {
    const child = start('classify')
    child.stdin.on('error', () => undefined)
    const stderr = textOf(child.stderr)
    child.stdin.write('I love it\n')
    await once(child.stdout, 'data')
    child.stdout.destroy()
    child.stdin.write('I hate it\n')
    const [code] = await once(child, 'exit')
    child.stdin.destroy()
    expect([code, await stderr]).toEqual([0, ''])
  })

  it('keeps what it has when it is interrupted, and goes on with --resume to the same bytes', async () => {
    const file = join(folder, 'in.csv')
    const rows = Array.from(
      { length: 3000 },
      (_, i) => `${i},"This is film number ${i}, and I like it."`,
    )
    await writeFile(file, `id,text\n${rows.join('\n')}\n`)
    const out = join(folder, 'out.csv')

    const cut = start('classify', file, '--out', out)
    while (!(await isThere(folder, 'out.csv.state.json'))) await sleep(20)
    cut.kill('SIGINT')
    const [code] = await once(cut, 'exit')
    expect(code).toBe(130)
    expect(await isThere(folder, 'out.csv')).toBe(false)

    expect((await run(['classify', file, '--out', out, '--resume'])).code).toBe(0)
    const whole = join(folder, 'whole.csv')
    await run(['classify', file, '--out', whole])
    expect(await readFile(out, 'utf8')).toBe(await readFile(whole, 'utf8'))
    expect((await readdir(folder)).toSorted()).toEqual(['in.csv', 'out.csv', 'whole.csv'])
  })

  it('writes a summary', async () => {
    const summary = join(folder, 'summary.json')
    await run(['classify', '--summary', summary], 'I love it\nI love it\n')
    expect(JSON.parse(await readFile(summary, 'utf8'))).toMatchObject({
      rows: 2,
      labels: { POSITIVE: 2, NEGATIVE: 0 },
    })
  })

  it.each([
    { args: ['classify', 'none.csv'], exit: 1, says: "can't read none.csv" },
    { args: ['classify', '--resume'], exit: 2, says: '--resume needs --out' },
    { args: ['classify', '--fast'], exit: 2, says: 'Unknown argument: fast' },
  ])('refuses $args in one line', async ({ args, exit, says }) => {
    const { stdout, stderr, code } = await run(args)
    expect([code, stdout, stderr.trim().split('\n').length]).toEqual([exit, '', 1])
    expect(stderr).toContain(says)
  })
})

const isThere = async (folder: string, name: string) => (await readdir(folder)).includes(name)
