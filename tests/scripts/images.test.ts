import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { imageFiles, imagesIn } from '../../scripts/supply/images.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const OLD = `sha256:${'0'.repeat(64)}`
const NEW = `sha256:${'1'.repeat(64)}`

describe('the images of others', () => {
  const named = imageFiles(ROOT).flatMap((file) => imagesIn(read(file)))

  it('are pinned by their digests, but for one that `npm run images:pin` must look up', () => {
    const unpinned = named.filter(({ digest }) => digest === undefined).map(({ name }) => name)
    // Public sources name several digests for one tag of it: some of one architecture alone.
    const unknown = /^docker\.io\/oliver006\/redis_exporter:/
    expect(named.length).toBeGreaterThan(8)
    expect(unpinned.filter((name) => !unknown.test(name))).toEqual([])
  })

  it('have one digest each', () => {
    const names = new Set(named.map(({ name }) => name))
    const pins = new Set(named.map(({ name, digest }) => `${name} ${digest}`))
    expect(pins.size).toBe(names.size)
  })
})

describe('npm run images:pin', () => {
  let checkout = ''
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'images-'))
    mkdirSync(join(checkout, 'bin'))
    mkdirSync(join(checkout, 'kustomize'))
    cpSync(join(ROOT, 'scripts/supply'), join(checkout, 'scripts/supply'), { recursive: true })
    symlinkSync(process.execPath, join(checkout, 'bin/node'))
    write('Containerfile', `FROM --platform=$BUILDPLATFORM r.example/node:1-slim@${OLD} AS build\n`)
    write(
      'compose.yaml',
      'services:\n  a:\n    image: r.example/redis:7\n  b:\n    image: project\n',
    )
    write('kustomize/redis.yaml', `containers:\n  - image: r.example/redis:7@${OLD}\n`)
  })
  afterEach(() => rmSync(checkout, { recursive: true }))

  const write = (file: string, text: string) => writeFileSync(join(checkout, file), text)
  const written = (file: string) => readFileSync(join(checkout, file), 'utf8')
  /** Runs it with a docker that does this. */
  const pin = (docker: string) => {
    write('bin/docker', `#!/bin/sh\n${docker}\n`)
    chmodSync(join(checkout, 'bin/docker'), 0o755)
    return spawnSync(process.execPath, ['scripts/supply/pin-images.ts'], {
      cwd: checkout,
      env: { PATH: join(checkout, 'bin') },
      encoding: 'utf8',
    })
  }

  it('writes the digest of each tag wherever it stands, and nothing else', () => {
    const { status, stdout } = pin(
      `[ "$1 $2 $3 $5" = "buildx imagetools inspect --format" ] && echo ${NEW}`,
    )
    expect(status).toBe(0)
    expect(stdout).toContain(`r.example/redis:7@${NEW} (new)`)
    expect(written('Containerfile')).toBe(
      `FROM --platform=$BUILDPLATFORM r.example/node:1-slim@${NEW} AS build\n`,
    )
    expect(written('compose.yaml')).toBe(
      `services:\n  a:\n    image: r.example/redis:7@${NEW}\n  b:\n    image: project\n`,
    )
    expect(written('kustomize/redis.yaml')).toBe(
      `containers:\n  - image: r.example/redis:7@${NEW}\n`,
    )
  })

  it('writes nothing if one of them is not found', () => {
    const { status, stderr } = pin(
      `case $4 in *node*) echo ${NEW};; *) echo "no such image" >&2; exit 1;; esac`,
    )
    expect(status).toBe(1)
    expect(stderr).toBe('images:pin: r.example/redis:7: no such image\n')
    expect(written('Containerfile')).toContain(OLD)
  })

  it('writes nothing that is no digest', () => {
    const { status } = pin('echo latest')
    expect(status).toBe(1)
    expect(written('kustomize/redis.yaml')).toContain(OLD)
  })
})
