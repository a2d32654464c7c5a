import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import dockerignore from '@balena/dockerignore'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const rules = dockerignore.default().add(read('.dockerignore'))
const goesIn = (file: string) => !rules.ignores(file)

const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n')

/** Sources that the Containerfile copies from the checkout, without those of `--from`. */
const sources = [...read('Containerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
  ([, names = '']) => names.split(' '),
)

/** A file by its name, a folder by what is in it, and the one kind of pattern that is used. */
const isOf = (source: string) => (file: string) =>
  source.endsWith('/*.ts')
    ? new RegExp(`^${source.replace('*.ts', '[^/]+\\.ts')}$`).test(file)
    : file === source || file.startsWith(`${source.replace(/\/$/, '')}/`)

describe('the context of a build', () => {
  it('has something for everything that is copied', () => {
    // This one is made in the build.
    const own = sources.filter((source) => !source.startsWith('model/distilbert'))
    for (const source of own)
      expect(files.filter(isOf(source)).filter(goesIn), source).not.toEqual([])
  })

  it('has nothing that is not copied', () => {
    const copied = (file: string) => sources.some((source) => isOf(source)(file))
    expect(files.filter(goesIn).filter((file) => !copied(file))).toEqual([])
  })

  it.each([
    '.env',
    '.git/config',
    '.ci/run',
    'bench/anchors/server/src/main.rs',
    'bench/results/start.json',
    'compose.yaml',
    'id_rsa',
    'kustomize/overlays/prod/kustomization.yaml',
    'model/distilbert-sst2/onnx/model_quantized.onnx',
    'model/pulled/distilbert-sst2/pytorch_model.bin',
    'node_modules/hono/package.json',
    'server.pem',
    'tests/fakes.ts',
  ])('leaves %s out', (file) => {
    expect(goesIn(file)).toBe(false)
  })
})
