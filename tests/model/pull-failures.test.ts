import { existsSync } from 'node:fs'
import { mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { breaking, failing } from './fake-hub.ts'
import { entry, entryWith, FILES, Pulling, WEIGHTS } from './pulling.ts'

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 267854321\n`

describe('a pull fails with its own message, and puts nothing in place', () => {
  let pulling: Pulling
  afterEach(() => pulling.close())

  const open = async (files?: Record<string, Buffer>) => {
    pulling = await Pulling.open(files)
    return pulling
  }

  it('without a network', async () => {
    const { hub } = await open()
    await hub.stop()
    expect(await pulling.failure()).toMatch(
      /^ModelError: owner\/model: .* can't be reached \(.+\)$/,
    )
  })

  it.each([401, 403])('when the hub answers %d', async (status) => {
    const { hub } = await open()
    hub.faults.push(failing('w.bin', status))
    expect(await pulling.failure()).toBe(
      `ModelError: owner/model/w.bin: the hub refuses it (HTTP ${status}): ` +
        'HF_TOKEN must be a token that may read it',
    )
  })

  it('when the hub has no such repository', async () => {
    const { hub } = await open()
    hub.faults.push(failing('/api/', 404))
    expect(await pulling.failure()).toContain('no such repository, revision or file (HTTP 404)')
  })

  it('when the hub stays busy', async () => {
    const { hub } = await open()
    hub.faults.push(failing('/api/', 503))
    expect(await pulling.failure()).toContain('the hub answers HTTP 503, also after 4 retries')
  })

  it('when a body always ends too early', async () => {
    const { hub } = await open()
    hub.faults.push(breaking('w.bin', WEIGHTS))
    expect(await pulling.failure()).toMatch(
      /^ModelError: owner\/model\/w.bin: ends after \d+ of 100 bytes; run it again to resume$/,
    )
  })

  it('when a file does not match the lock, and deletes that file', async () => {
    await open()
    const locked = Object.fromEntries(
      Object.keys(FILES).map((file) => [file, { bytes: 100, sha256: '0'.repeat(64) }]),
    )
    expect(await pulling.failure(entryWith({ locked }))).toMatch(
      /^ModelError: config.json has sha256 [0-9a-f]{64} \(\d+ bytes\), but the catalog has 0{64}/,
    )
    expect(await readdir(pulling.partial)).toEqual([])
  })

  it('when there is a Git LFS pointer in place of weights', async () => {
    await open({ ...FILES, 'w.bin': Buffer.from(POINTER) })
    expect(await pulling.failure()).toBe(
      `ModelError: w.bin is a Git LFS pointer of ${POINTER.length} bytes, not the file itself`,
    )
  })

  it.skipIf(!existsSync('/dev/full'))('when the disk is full', async () => {
    await open()
    await mkdir(pulling.partial, { recursive: true })
    await symlink('/dev/full', join(pulling.partial, 'w.bin'))
    expect(await pulling.failure()).toBe('ModelError: owner/model/w.bin: the disk is full')
  })

  it('when the repository has no tokenizer', async () => {
    await open({ 'config.json': FILES['config.json'], 'w.bin': WEIGHTS })
    expect(await pulling.failure()).toBe('ModelError: owner/model has no tokenizer.json')
  })

  it('when it has no weights', async () => {
    await open({ 'config.json': FILES['config.json'], 'tokenizer.json': FILES['tokenizer.json'] })
    expect(await pulling.failure()).toBe(
      'ModelError: owner/model has no weights (w.safetensors or w.bin)',
    )
  })

  it.each([
    ['{}', 'none'],
    ['{"id2label":{"0":"LABEL_0","1":"LABEL_1"}}', 'LABEL_0, LABEL_1'],
  ])('when its labels are missing: %s', async (config, found) => {
    await open({ ...FILES, 'config.json': Buffer.from(config) })
    expect(await pulling.failure()).toBe(
      `ModelError: config.json must have the labels NEGATIVE, POSITIVE; it has ${found}`,
    )
  })

  it('when there is nothing to pull', async () => {
    await open()
    expect(await pulling.failure({ ...entry, pull: null })).toContain('nothing to pull')
  })
})
