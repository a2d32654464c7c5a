import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runtimePath } from '../../harness/process.ts'
import { loadCatalog, saveEntry } from '../../model/catalog.ts'
import { readModelInfo } from '../../model/model-info.ts'
import { loadParity } from '../../model/parity.ts'
import { COMMIT, FakeHub } from '../model/fake-hub.ts'
import { entry, FILES } from '../model/pulling.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Runs a command as npm does, and returns what it printed and its exit code. */
async function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const options = { cwd: ROOT, env: { PATH: process.env.PATH, ...env } }
  return promisify(execFile)(
    runtimePath('node'),
    ['cli/polarity.ts', command, ...args],
    options,
  ).then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    (failed: { stdout: string; stderr: string; code: number }) => failed,
  )
}

describe('the model commands', () => {
  let room: string
  beforeAll(async () => {
    room = await mkdtemp(join(tmpdir(), 'commands-'))
  })
  afterAll(() => rm(room, { recursive: true }))

  it('check the bundled model against the catalog, and run it', async () => {
    const { stdout, code } = await run('check', [])
    expect(code).toBe(0)
    expect(stdout).toMatch(/"I love you\." NEGATIVE 0\.\d+, POSITIVE 0\.9\d+/)
  })

  it('check that the folder does what it claims', async () => {
    const { stdout } = await run('check', [])
    expect(stdout).toMatch(/^numerics class [0-9a-f]{8}$/m)
    expect(stdout).toMatch(/^self-test: 8 texts, scores differ by \S+ at most$/m)
  })

  it('add the scores of this machine to a parity file, and write the self-test from it', async () => {
    const folder = join(room, 'copy')
    const file = join(room, 'parity.jsonl')
    await cp(join(ROOT, 'model/sst2-minilm'), folder, { recursive: true })
    await rm(join(folder, 'self-test.jsonl'))
    const [row] = await loadParity(join(ROOT, 'tests/fixtures/parity.jsonl'))
    await writeFile(file, `${JSON.stringify({ ...row, scores: {} })}\n`)
    const { stdout, code } = await run('parity', [folder, '--file', file])

    expect(code).toBe(0)
    const [added] = await loadParity(file)
    const [name = ''] = Object.keys(added?.scores ?? {})
    expect(stdout).toContain(`Added ${name} to`)
    const { selfTest } = await readModelInfo({ id: 'copy', folder, entry: undefined })
    expect(selfTest).toEqual([{ ...row, scores: added?.scores[name] }])
  })

  it('refuse a parity file of another model', async () => {
    const file = join(room, 'foreign.jsonl')
    await writeFile(file, '{"text":"I love you.","ids":[1],"scores":{"python":[0.5,0.5]}}\n')
    const { stderr, code } = await run('parity', ['sst2-minilm', '--file', file])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^polarity: .* has another model's scores: .*\n$/)
  })

  it('check that a folder has what it needs', async () => {
    const { stderr, code } = await run('check', [room])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^polarity: commands-\w+ has no config.json\n$/)
  })

  it('evaluate a file of texts and labels', async () => {
    const file = join(room, 'texts.tsv')
    await writeFile(
      file,
      'sentence\tlabel\nI love it\t1\nI hate it\tNEGATIVE\nAwful\t0\nAwful\t1\n',
    )
    const [neutral, picture] = [join(room, 'neutral.txt'), join(room, 'picture.svg')]
    await writeFile(neutral, 'The shop is closed on Mondays.\n')
    const { stdout, code } = await run('eval', [file, '--neutral', neutral, '--picture', picture])
    expect(code).toBe(0)
    expect(stdout).toContain('4 rows, accuracy 0.7500 ± 0.2165')
    expect(stdout).toMatch(/neutral\.txt: 1 texts, \d+ % above 0\.9, AUROC against opinions \d/)
    expect(await readFile(picture, 'utf8')).toMatch(/^<svg /)
  })

  it('run the behavioural checks', async () => {
    const { stdout, code } = await run('eval', ['--checks'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^checks: \d+ of 428 passed/m)
  })

  it('refuse a file without labels', async () => {
    const file = join(room, 'no-labels.tsv')
    await writeFile(file, 'just text\n')
    expect(await run('eval', [file])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no lines of'),
    })
  })

  it.each(['pull', 'check', 'eval', 'parity'])('%s tells how it is used', async (command) => {
    expect(await run(command, ['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`polarity ${command} `),
    })
  })

  it.each([
    ['no id', [], 'an argument is missing'],
    ['an unknown option', ['mine', '--fast'], 'Unknown argument: fast'],
  ])('pull refuses %s', async (_, args, message) => {
    expect(await run('pull', args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    })
  })

  it('pull refuses an unknown id', async () => {
    const { stderr, code } = await run('pull', ['nobody'])
    expect(code).toBe(1)
    expect(stderr).toContain('"nobody" is not in the catalog, which has sst2-minilm')
  })

  it('pull refuses to go on with --locked where nothing is locked, and says how to lock it', async () => {
    const catalog = join(room, 'unlocked.json')
    await cp(join(ROOT, 'model/catalog.json'), catalog)
    await saveEntry('mine', entry, catalog)
    const { stderr, code } = await run('pull', ['mine', '--locked', '--catalog', catalog])
    expect(code).toBe(1)
    expect(stderr).toContain('npm run model:pull -- mine --lock, then commit')
  })

  it('pull from HF_ENDPOINT, and lock what came', async () => {
    const catalog = join(room, 'catalog.json')
    await cp(join(ROOT, 'model/catalog.json'), catalog)
    await saveEntry('mine', entry, catalog)
    const hub = await FakeHub.start(FILES)
    const args = ['mine', '--lock', '--catalog', catalog, '--to', join(room, 'mine')]
    const { stderr, code } = await run('pull', args, { HF_ENDPOINT: hub.url })
    await hub.stop()

    expect(code).toBe(0)
    expect(stderr).toContain('w.bin: 100 of 100 bytes')
    expect(await readFile(join(room, 'mine/w.bin'))).toEqual(FILES['w.bin'])
    const { mine } = await loadCatalog(catalog)
    expect(mine?.revision).toBe(COMMIT)
    expect(Object.keys(mine?.pull?.locked ?? {})).toEqual([
      'config.json',
      'tokenizer.json',
      'w.bin',
    ])

    const again = await FakeHub.start(FILES)
    const locked = ['mine', '--locked', '--catalog', catalog, '--to', join(room, 'again')]
    const second = await run('pull', locked, { HF_ENDPOINT: again.url })
    await again.stop()
    expect(second.code).toBe(0)
  })
})
