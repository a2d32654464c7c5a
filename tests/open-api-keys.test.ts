import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../app/config.ts'
import { openApiKeys } from '../app/open-api-keys.ts'
import { createMetrics } from '../app/telemetry/metrics.ts'
import { LABELS } from './fakes.ts'
import { recordedLog } from './recorded-log.ts'

const digestOf = (key: string) => createHash('sha256').update(key).digest('hex')
const line = (name: string, key: string) => `${name} ${digestOf(key)}\n`

let folder: string
let file: string
let ends: (() => void)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'))
  file = join(folder, 'keys')
})
afterEach(async () => {
  for (const end of ends) end()
  ends = []
  await rm(folder, { recursive: true })
})

async function opened(env: Record<string, string>) {
  const metrics = createMetrics(LABELS)
  const { log, lines } = recordedLog()
  const open = await openApiKeys(loadConfig(env), { metrics, log })
  ends.push(open.close)
  const scrape = () => metrics.registry.metrics()
  /** A change counts once it was seen twice. */
  const settle = async () => {
    await open.look()
    await open.look()
  }
  return { ...open, settle, scrape, events: () => lines.map(({ event }) => event), lines }
}

const failureOf = (env: Record<string, string>) =>
  opened(env).then(
    () => 'none',
    (error: unknown) => String(error),
  )

describe('API keys', () => {
  it('of both settings are known, those without a name by their place', async () => {
    await writeFile(file, line('ada', 'one'))
    const API_KEYS = `${digestOf('two')},${digestOf('three')}`
    const { keys } = await opened({ API_KEYS, API_KEYS_FILE: file })
    const names = ['one', 'two', 'three', 'four', ''].map((key) => keys.nameOf(key))
    expect(names).toEqual(['ada', 'key-1', 'key-2', undefined, undefined])
  })

  it('that are in both settings have the name of the file', async () => {
    await writeFile(file, line('ada', 'one'))
    const { keys } = await opened({ API_KEYS: digestOf('one'), API_KEYS_FILE: file })
    expect(keys.nameOf('one')).toBe('ada')
  })

  it('are not required where none are set', async () => {
    expect((await opened({})).keys.required).toBe(false)
  })

  it.each([
    ['is missing', () => Promise.resolve(), "can't be read (ENOENT)"],
    ['is a folder', () => mkdir(file), 'is not a file'],
    ['is empty', () => writeFile(file, '# none yet\n'), 'has no keys'],
    ['is wrong', () => writeFile(file, `${line('ada', 'one')}plr_S3cr3t\n`), 'line 2 is not'],
    ['is too large', () => writeFile(file, ' '.repeat(1_048_577)), 'has more than 1048576 bytes'],
  ])('of a file that %s end the start with one line', async (_, make, message) => {
    await make()
    const failure = await failureOf({ API_KEYS_FILE: file })
    expect(failure).toContain(`ConfigError: Bad configuration: API_KEYS_FILE: ${message}`)
    expect(failure).not.toMatch(/S3cr3t|\n/)
  })

  it('change with the file, once it was seen twice', async () => {
    await writeFile(file, line('ada', 'one'))
    const { keys, look, events } = await opened({ API_KEYS_FILE: file })
    await writeFile(file, line('ada', 'two'))
    await look()
    expect([keys.nameOf('one'), keys.nameOf('two')]).toEqual(['ada', undefined])
    await look()
    expect([keys.nameOf('one'), keys.nameOf('two')]).toEqual([undefined, 'ada'])
    await look()
    expect(events()).toEqual(['api_keys_loaded'])
  })

  it('change with the link that a mounted secret moves', async () => {
    for (const [version, key] of [
      ['1', 'one'],
      ['2', 'two'],
    ] as const) {
      await mkdir(join(folder, version))
      await writeFile(join(folder, version, 'keys'), line('ada', key))
    }
    await symlink('1', join(folder, '..data'))
    await symlink('..data/keys', file)
    const { keys, settle } = await opened({ API_KEYS_FILE: file })
    await symlink('2', join(folder, '..next'))
    await rename(join(folder, '..next'), join(folder, '..data'))
    await settle()
    expect([keys.nameOf('one'), keys.nameOf('two')]).toEqual([undefined, 'ada'])
  })

  it.each([
    ['is gone', () => rm(file)],
    ['is empty', () => writeFile(file, '')],
    ['is wrong', () => writeFile(file, 'ada plr_S3cr3t')],
  ])('stay as they were while the file %s, which is told once', async (_, spoil) => {
    await writeFile(file, line('ada', 'one'))
    const { keys, settle, events, lines, scrape } = await opened({ API_KEYS_FILE: file })
    await spoil()
    await settle()
    await settle()
    expect(keys.nameOf('one')).toBe('ada')
    expect(events()).toEqual(['api_keys_not_loaded'])
    expect(JSON.stringify(lines)).not.toContain('S3cr3t')
    expect(await scrape()).toMatch(/^polarity_api_key_reload_failures_total [1-9]/m)
  })

  it('are loaded again when the file is good again, and then told anew', async () => {
    await writeFile(file, line('ada', 'one'))
    const { settle, events } = await opened({ API_KEYS_FILE: file })
    for (const text of ['', line('ada', 'one'), '']) {
      await writeFile(file, text)
      await settle()
    }
    expect(events()).toEqual(['api_keys_not_loaded', 'api_keys_loaded', 'api_keys_not_loaded'])
  })

  it('are counted, and each name has a series while it is there', async () => {
    await writeFile(file, line('ada', 'one') + line('bob', 'two'))
    const { settle, scrape } = await opened({ API_KEYS_FILE: file })
    expect(await scrape()).toContain('\npolarity_key_texts_total{key="bob"} 0\n')
    expect(await scrape()).toContain('\npolarity_key_requests_total{key="bob",outcome="shed"} 0\n')
    expect(await scrape()).toContain('\npolarity_api_keys 2\n')
    await writeFile(file, line('ada', 'one'))
    await settle()
    expect(await scrape()).not.toContain('bob')
    expect(await scrape()).toContain('\npolarity_api_keys 1\n')
  })
})
