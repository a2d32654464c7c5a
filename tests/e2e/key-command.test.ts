import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runtimePath } from '../../harness/process.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Runs the command as npm does, and returns what it printed and its exit code. */
function run(...args: readonly string[]) {
  const options = { cwd: ROOT, env: { PATH: process.env.PATH } }
  return promisify(execFile)(
    runtimePath('node'),
    ['cli/polarity.ts', 'key', ...args],
    options,
  ).then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    (failed: { stdout: string; stderr: string; code: number }) => failed,
  )
}

describe('npm run key', () => {
  let folder: string
  let file: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'key-'))
    file = join(folder, 'keys')
  })
  afterEach(() => rm(folder, { recursive: true }))

  const textOf = () => readFile(file, 'utf8')
  const modeOf = async () => (await stat(file)).mode & 0o777

  it('shows a key of 256 bits, and the line of its digest', async () => {
    const { stdout, code } = await run('ada')
    const [key = '', line] = stdout.split('\n')
    expect(code).toBe(0)
    expect(key).toMatch(/^plr_[\w-]{43}$/)
    expect(line).toBe(`ada ${createHash('sha256').update(key).digest('hex')}`)
  })

  it('makes another key each time', async () => {
    const [one, other] = await Promise.all([run('ada'), run('ada')])
    expect(one.stdout).not.toBe(other.stdout)
  })

  it('makes a file that only its owner reads, without the key', async () => {
    const { stdout } = await run('ada', '--file', file)
    const [key = '', line] = stdout.split('\n')
    expect(await textOf()).toBe(`${line}\n`)
    expect(await textOf()).not.toContain(key)
    expect(await modeOf()).toBe(0o600)
  })

  it('adds to a file, which keeps its lines and its mode', async () => {
    await writeFile(file, `# mine\nbob ${'b'.repeat(64)}`)
    await chmod(file, 0o640)
    const { stdout } = await run('ada', '--file', file)
    expect(await textOf()).toBe(`# mine\nbob ${'b'.repeat(64)}\n${stdout.split('\n')[1]}\n`)
    expect(await modeOf()).toBe(0o640)
    expect(await readdir(folder)).toEqual(['keys'])
  })

  it('adds to the file behind a link, which stays one', async () => {
    const link = join(folder, 'link')
    await writeFile(file, '')
    await symlink(file, link)
    expect((await run('ada', '--file', link)).code).toBe(0)
    expect(await textOf()).toMatch(/^ada /)
  })

  it('refuses a name that is there, unless it is rotated', async () => {
    const before = `ada ${'a'.repeat(64)}\n`
    await writeFile(file, before)
    const refused = await run('ada', '--file', file)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toBe(`polarity: ${file} has a key of ada: --rotate adds another one\n`)
    expect(await textOf()).toBe(before)

    expect((await run('ada', '--file', file, '--rotate')).code).toBe(0)
    expect((await textOf()).match(/^ada /gm)).toHaveLength(2)
  })

  it('adds one of two keys that are made at once, or both', async () => {
    const names = ['ada', 'bob', 'eve']
    const runs = await Promise.all(names.map((name) => run(name, '--file', file)))
    const text = await textOf()
    for (const [i, { code, stderr }] of runs.entries()) {
      expect(text.includes(`${names[i]} `)).toBe(code === 0)
      if (code !== 0) expect(stderr).toContain('.new is there')
    }
  })

  it.each([
    ['no name', [], 'an argument is missing'],
    ['two names', ['ada', 'bob'], 'Unknown argument: bob'],
    ['a key for a name', ['plr_secret'], 'must not begin with plr_'],
    ['a name with a blank', ['a b'], 'the name must be 1 to 32'],
    ['a name of API_KEYS', ['key-1'], 'must not be key- and a number'],
    ['an unknown option', ['ada', '--fast'], 'Unknown argument: fast'],
    ['to rotate nothing', ['ada', '--rotate'], '--rotate needs --file'],
  ])('refuses %s', async (_, args, message) => {
    const { stdout, stderr, code } = await run(...args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`polarity: ${message.startsWith('must') ? 'the name ' : ''}${message}`)
  })

  it.each([
    { text: 'plr_S3cr3t\n', args: [], message: 'line 1 is not a name' },
    { text: '', args: ['--rotate'], message: 'has no key of ada to rotate' },
  ])('leaves the file as it is where it $message', async ({ text, args, message }) => {
    await writeFile(file, text)
    const { stdout, stderr, code } = await run('ada', ...args, '--file', file)
    expect([code, stdout, await textOf()]).toEqual([1, '', text])
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('S3cr3t')
    expect(await readdir(folder)).toEqual(['keys'])
  })

  it('says in one line what it can’t write', async () => {
    const { stderr, code } = await run('ada', '--file', join(folder, 'none', 'keys'))
    expect(code).toBe(1)
    expect(stderr).toMatch(/^polarity: .* can't be written: ENOENT[^\n]*\n$/)
  })

  it('tells how it is used', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('polarity key <name>'),
    })
  })
})
