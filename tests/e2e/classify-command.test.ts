import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RUNTIMES, runtimePath, TINY_MODEL } from '../../harness/process.ts'

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
  }, 180_000)

  it('writes a summary', async () => {
    const summary = join(folder, 'summary.json')
    await run(['classify', '--summary', summary], 'I love it\nI love it\n')
    expect(JSON.parse(await readFile(summary, 'utf8'))).toMatchObject({
      rows: 2,
      labels: { POSITIVE: 2, NEGATIVE: 0 },
    })
  })

  it('classifies several files into a folder, and passes over those that are finished', async () => {
    const names = ['a.csv', 'b.jsonl', 'c.txt']
    const files = names.map((name) => join(folder, name))
    const contents = ['text\ngood\n', '"bad"\n', 'good\n\n']
    for (const [i, file] of files.entries()) await writeFile(file, contents[i] ?? '')
    const out = join(folder, 'out/')
    const summary = join(folder, 'summary.json')
    const args = ['classify', ...files, '--model', TINY_MODEL, '--out', out, '--summary', summary]

    const missing = join(folder, 'missing.csv')
    const first = await run([...args, missing])
    expect(first.code).toBe(1)
    expect(first.stderr).toContain(`can't read ${missing}`)
    expect(first.stderr).toContain('4 files, 1 failed')
    expect((await readdir(out)).toSorted()).toEqual(['_finished.json', ...names])
    const whole = await readFile(summary, 'utf8')

    await writeFile(join(folder, 'b.jsonl'), '"bad"\n"good"\n')
    await writeFile(join(out, 'a.csv'), 'as it was')
    const second = await run([...args, '--resume'])
    expect(second.code).toBe(3)
    expect(second.stderr).toContain('3 files, 2 finished before')
    expect(await readFile(join(out, 'a.csv'), 'utf8')).toBe('as it was')
    expect(await readFile(join(out, 'b.jsonl'), 'utf8')).toContain('"text":"good"')
    expect(JSON.parse(whole)).toMatchObject({ rows: 4, errors: { blank: 1 } })
    expect(JSON.parse(await readFile(summary, 'utf8'))).toMatchObject({ rows: 5 })

    const other = await run([...args, '--resume', '--prefix', 'p_'])
    expect(other.code).toBe(1)
    expect(other.stderr).toContain('with another model or other options')
  })

  it('writes a report, by columns, and the same facts into the summary', async () => {
    const file = join(folder, 'in.csv')
    await writeFile(
      file,
      'text,date,product\nI love it,2025-01-05,Lamp\nI hate it,2025-03-20,Lamp\n',
    )
    const [report, summary] = [join(folder, 'report.html'), join(folder, 'summary.json')]
    const by = ['--by', 'date', '--by', 'product']
    const { code } = await run(['classify', ...by, file, '--report', report, '--summary', summary])
    expect(code).toBe(0)
    expect(await readFile(report, 'utf8')).toMatch(
      /^<!doctype html>.*in\.csv.*of 2 texts are.*By <bdi>date.*Jan 2025.*By <bdi>product.*c050d6aa1ac150d0.*<\/html>\n$/s,
    )
    expect(JSON.parse(await readFile(summary, 'utf8'))).toMatchObject({
      inputs: ['in.csv'],
      model: { id: 'sst2-minilm', license: 'Apache-2.0' },
      unsure_range: [0.25, 0.75],
      by: [
        { column: 'date', kind: 'months', groups: [{ rows: 1 }, { rows: 0 }, { rows: 1 }] },
        { column: 'product', kind: 'values', groups: [{ value: 'Lamp', rows: 2, share: 0.5 }] },
      ],
    })
  })

  it.each([
    { args: ['classify', '--report', '/nowhere/out.html'], exit: 1, says: "can't write" },
    { args: ['classify', '--by', 'product'], exit: 2, says: 'plain lines have no columns' },
    { args: ['classify', 'a.csv', 'b.csv'], exit: 2, says: '--out DIR/' },
    { args: ['classify', '--max-chars', 'abc'], exit: 2, says: '--max-chars must be a number' },
    { args: ['classify', 'none.csv'], exit: 1, says: "can't read none.csv" },
    { args: ['classify', '--resume'], exit: 2, says: '--resume needs --out' },
    { args: ['classify', '--fast'], exit: 2, says: 'Unknown argument: fast' },
    { args: ['clasify', '--column', 'text'], exit: 2, says: 'the command is classify' },
    { args: ['--workers', '0', 'hello'], exit: 2, says: '--workers must be a whole number' },
  ])('refuses $args in one line', async ({ args, exit, says }) => {
    const { stdout, stderr, code } = await run(args)
    expect([code, stdout, stderr.trim().split('\n').length]).toEqual([exit, '', 1])
    expect(stderr).toContain(says)
  })
})

const isThere = async (folder: string, name: string) => (await readdir(folder)).includes(name)
