import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { entryOf, findModel, loadCatalog } from '../../model/catalog.ts'
import { readModelInfo } from '../../model/model-info.ts'
import { rejection } from '../rejection.ts'

const FILES = {
  'config.json': JSON.stringify({
    model_type: 'bert',
    id2label: { 0: 'NEGATIVE', 1: 'POSITIVE' },
    max_position_embeddings: 128,
  }),
  'tokenizer.json': '{}',
  'tokenizer_config.json': '{"model_max_length":512}',
  'onnx/model_quantized.onnx': 'weights',
}

describe('a model folder', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'model-'))
    await mkdir(join(folder, 'onnx'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** Loads a folder of these files; `undefined` leaves one out. */
  async function load(changes: Record<string, string | undefined> = {}) {
    for (const [file, text] of Object.entries({ ...FILES, ...changes })) {
      if (text !== undefined) await writeFile(join(folder, file), text)
    }
    return readModelInfo({ id: 'mine', folder, entry: undefined })
  }

  it('has labels in class order, and a token limit', async () => {
    expect(await load()).toMatchObject({ labels: ['NEGATIVE', 'POSITIVE'], maxTokens: 128 })
  })

  it('of RoBERTa has a token limit below its number of positions', async () => {
    const config = { ...JSON.parse(FILES['config.json']), model_type: 'roberta', pad_token_id: 1 }
    expect((await load({ 'config.json': JSON.stringify(config) })).maxTokens).toBe(126)
  })

  it.each(Object.keys(FILES))('has another digest when %s changes', async (file) => {
    const { digest } = await load()
    const changed = `${FILES[file as keyof typeof FILES]} `
    expect((await load({ [file]: changed })).digest).not.toBe(digest)
  })

  it.each(Object.keys(FILES))('is refused without %s', async (file) => {
    expect(String(await rejection(load({ [file]: undefined })))).toContain(`has no ${file}`)
  })

  it('is refused with a Git LFS pointer in place of weights', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'
    expect(String(await rejection(load({ 'onnx/model_quantized.onnx': pointer })))).toContain(
      'Git LFS pointer',
    )
  })

  it.each([-5, 0, 1e9, 512.5])('is refused with %d positions', async (positions) => {
    const config = { ...JSON.parse(FILES['config.json']), max_position_embeddings: positions }
    const error = await load({ 'config.json': JSON.stringify(config) }).catch((failed) => failed)
    expect(error).toMatchObject({
      name: 'ModelError',
      message: expect.stringMatching(/^model-\w+\/config.json: max_position_embeddings: .+$/),
    })
  })

  it('is refused when its self-test makes no sense', async () => {
    const error = await load({ 'self-test.jsonl': '{"text":"good"}\n' }).catch((failed) => failed)
    expect(error).toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining('self-test.jsonl is no list'),
    })
  })

  it('has the digest that it has without its self-test', async () => {
    const { digest } = await load()
    const line = '{"text":"good","ids":[2,4,3],"scores":[0.5,0.5]}\n'
    const tested = await load({ 'self-test.jsonl': line })
    expect([tested.digest, tested.selfTest]).toEqual([
      digest,
      [{ text: 'good', ids: [2, 4, 3], scores: [0.5, 0.5] }],
    ])
  })

  it('is refused without labels', async () => {
    const config = '{"model_type":"bert","max_position_embeddings":512}'
    expect(String(await rejection(load({ 'config.json': config })))).toContain(
      'config.json: id2label',
    )
  })

  it('is refused with a file that is not JSON', async () => {
    expect(String(await rejection(load({ 'config.json': '{' })))).toContain(
      'config.json is not JSON',
    )
  })
})

describe('the catalog', () => {
  it('finds a model by its id', async () => {
    expect(await findModel('sst2-minilm')).toMatchObject({ entry: { license: 'Apache-2.0' } })
  })

  it('takes a folder that is not in it', async () => {
    expect(await findModel(tmpdir())).toMatchObject({ folder: tmpdir(), entry: undefined })
  })

  it('refuses an unknown id, and names those there are', async () => {
    expect(String(await rejection(findModel('nobody')))).toContain('sst2-minilm, distilbert-sst2')
    const catalog = await loadCatalog()
    expect(() => entryOf(catalog, 'nobody')).toThrow('sst2-minilm, distilbert-sst2')
  })

  it.skipIf(existsSync('model/distilbert-sst2'))(
    'says how to get a model that is not part of the repository',
    async () => {
      const error = await findModel('distilbert-sst2').catch((error: Error) => error)
      expect(String(error)).toContain('npm run model:pull -- distilbert-sst2')
    },
  )

  it('pins the files of the bundled model', async () => {
    const location = await findModel('sst2-minilm')
    const { files, digest, labels, verified } = await readModelInfo(location)
    expect({ files, digest, labels, verified }).toEqual({
      verified: true,
      files: location.entry?.files,
      digest: location.entry?.digest,
      labels: location.entry?.labels,
    })
  })
})
