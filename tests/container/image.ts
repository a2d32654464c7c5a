import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import catalog from '../../model/catalog.json' with { type: 'json' }
import manifest from '../../package.json' with { type: 'json' }
import { done, inspect } from './podman.ts'
import type { Report } from './report.ts'

/** With the bundled model. */
const MAX_BYTES = 260e6
const SECRET = /(^\/run\/secrets\/|\.(pem|key|crt|p12|pfx)$|\/\.(env|git|npmrc|ssh|aws|docker)\b)/
const PROGRAM = /^\/(usr\/)?(local\/)?s?bin\//
const SOURCE = /^\/polarity\/(app|cli|client|model)\//
const NOT_FOR_THE_SERVICE = /\.test\.ts$|^\/polarity\/(tests|bench|scripts|docs|app\/commands)\//
const PACKAGE_MANAGER =
  /\/(npm|npx|yarn|pnpm|corepack|apt|apt-get|dpkg)$|\/node_modules\/(npm|corepack)\//

export interface Built {
  readonly image: string
  readonly runtime: string
  readonly revision: string
  /** A line of the build's secret. */
  readonly mark: string
  readonly work: string
}

const Config = z.object({
  Size: z.number(),
  Config: z.object({ User: z.string(), Labels: z.record(z.string(), z.string()) }),
})

const run = promisify(execFile)

/** The image's files as a folder, and their names, which begin with a slash as in the image. */
export async function unpack({ image, work }: Pick<Built, 'image' | 'work'>) {
  const root = join(work, 'root')
  const file = join(work, 'root.tar')
  mkdirSync(root)
  const id = await done('create', '--pull', 'never', '--cidfile', join(work, 'ids/unpacked'), image)
  await done('export', '--output', file, id)
  await run('tar', ['-x', '-f', file, '-C', root, '--no-same-owner'])
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const names = files.map(({ parentPath, name }) => join(parentPath, name).slice(root.length))
  return { root, names }
}

/** Checks of an image that is not running. */
export async function checkImage(report: Report, built: Built): Promise<void> {
  const { Size, Config: config } = await inspect(built.image, Config)
  const { names } = await unpack(built)
  const none = (pattern: RegExp) =>
    assert.deepEqual(
      names.filter((name) => pattern.test(name)),
      [],
    )

  await report.check('the image weighs no more than 260 MB', () => {
    assert.ok(Size <= MAX_BYTES, `${Size} bytes`)
    return `${(Size / 1e6).toFixed(1)} MB in ${names.length} files`
  })
  await report.check('it is not root', () => assert.equal(config.User, '10001:10001'))
  await report.check('its labels name source, revision, version and model', () => {
    const name = (label: string) => config.Labels[`org.opencontainers.image.${label}`]
    assert.equal(name('revision'), built.revision)
    assert.equal(name('source'), 'https://git.example/polarity')
    assert.equal(name('version'), manifest.version)
    assert.equal(name('licenses'), manifest.license)
    assert.equal(config.Labels['polarity.model.id'], 'sst2-minilm')
    assert.equal(config.Labels['polarity.model.digest'], catalog['sst2-minilm'].digest)
    return built.revision
  })
  await report.check('its one program is the runtime, which runs the command: no shell', () =>
    assert.deepEqual(names.filter((name) => PROGRAM.test(name)).toSorted(), [
      `/usr/local/bin/${built.runtime}`,
      '/usr/local/bin/polarity',
    ]),
  )
  await report.check('no package manager is in it', () => none(PACKAGE_MANAGER))
  await report.check('no tests are in it, and no TypeScript but what runs', () => {
    none(NOT_FOR_THE_SERVICE)
    const sources = names.filter((name) => name.endsWith('.ts'))
    assert.deepEqual(
      sources.filter((name) => !SOURCE.test(name)),
      [],
    )
    return `${sources.length} files`
  })
  await report.check('no file that holds a secret is in it', () => none(SECRET))
  await report.check("no line of the build's secret is in it, nor in its history", async () => {
    const file = join(built.work, 'saved.tar')
    await done('save', '--output', file, built.image)
    const { code } = await run('grep', ['-q', '-F', '-e', built.mark, file]).then(
      () => ({ code: 0 }),
      (error) => error,
    )
    assert.equal(code, 1, 'the mark was found')
  })
}
