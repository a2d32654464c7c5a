import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rejection } from '../rejection.ts'
import { breaking, COMMIT, failing } from './fake-hub.ts'
import { entry, entryWith, Pulling, WEIGHTS } from './pulling.ts'

describe('a pull', () => {
  let pulling: Pulling
  beforeEach(async () => {
    pulling = await Pulling.open()
  })
  afterEach(() => pulling.close())

  const weights = () => readFile(join(pulling.target, 'w.bin'))

  it('puts every file in place, through redirects', async () => {
    const { revision, files } = await pulling.run()
    expect(revision).toBe(COMMIT)
    expect(Object.keys(files)).toEqual(['config.json', 'tokenizer.json', 'w.bin'])
    expect(await weights()).toEqual(WEIGHTS)
    expect(existsSync(pulling.partial)).toBe(false)
  })

  it('says that a revision is not pinned, and which one it is', async () => {
    await pulling.run()
    expect(pulling.lines.slice(0, 2)).toEqual([
      `owner/model at ${COMMIT}`,
      'This revision is not pinned: it is what main is now.',
    ])
  })

  it('asks for a pinned revision by its name', async () => {
    const revision = 'f'.repeat(40)
    await pulling.run({ ...entry, revision })
    expect(pulling.hub.requests.every(({ url }) => url.includes(revision))).toBe(true)
  })

  it('reports the name of known contents', async () => {
    const { files } = await pulling.run()
    await pulling.run(entryWith({ known: { 'April 2022': files } }))
    expect(pulling.lines.at(-1)).toMatch(/^w.bin: .* \(known: April 2022\)$/)
  })

  it('accepts files that match the lock', async () => {
    const { files, revision } = await pulling.run()
    const locked = { ...entryWith({ locked: files }), revision }
    expect(await pulling.run(locked)).toEqual({ files, revision })
  })

  it('sends the token that it was given', async () => {
    await pulling.run(entry, 'hf_secret')
    expect(pulling.hub.requests[0]?.token).toBe('Bearer hf_secret')
  })

  it('resumes a partial download', async () => {
    await mkdir(pulling.partial, { recursive: true })
    await writeFile(join(pulling.partial, 'w.bin'), WEIGHTS.subarray(0, 60))
    await pulling.run()
    expect(pulling.hub.requests.map(({ range }) => range)).toContain('bytes=60-')
    expect(await weights()).toEqual(WEIGHTS)
  })

  it('resumes when the connection breaks', async () => {
    pulling.hub.faults.push(breaking('w.bin', WEIGHTS, 2))
    await pulling.run()
    expect(await weights()).toEqual(WEIGHTS)
  })

  it('retries when the hub is busy', async () => {
    pulling.hub.faults.push(failing('/api/', 503, 2), failing('w.bin', 500, 2))
    expect((await pulling.run()).revision).toBe(COMMIT)
  })

  it('replaces what an earlier pull put in place', async () => {
    await mkdir(pulling.target)
    await writeFile(join(pulling.target, 'config.json'), 'old')
    await writeFile(join(pulling.target, 'old.bin'), 'old')
    await pulling.run()
    expect(existsSync(join(pulling.target, 'old.bin'))).toBe(false)
  })

  it('does not replace a folder of other files', async () => {
    await mkdir(pulling.target)
    await writeFile(join(pulling.target, 'thesis.txt'), 'years of work')
    expect(String(await rejection(pulling.run()))).toContain('contains other files')
    expect(existsSync(join(pulling.target, 'thesis.txt'))).toBe(true)
  })
})
