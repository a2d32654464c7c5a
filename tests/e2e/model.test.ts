import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess } from '../../harness/process.ts'

const ROOT = join(import.meta.dirname, '../..')
const WEIGHTS = 'onnx/model_quantized.onnx'

describe.each(RUNTIMES)('a faulty model on %s', (runtime) => {
  let parent: string
  let folder: string
  let service: ServiceProcess
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'polarity-'))
    folder = join(parent, 'model')
    cpSync(join(ROOT, 'model/sst2-minilm'), folder, { recursive: true })
  })
  afterEach(async () => {
    await service.stop()
    rmSync(parent, { recursive: true })
  })

  const change = (file: string, to: (bytes: Buffer) => Buffer) =>
    writeFileSync(join(folder, file), to(readFileSync(join(folder, file))))
  const set = (file: string, settings: object) =>
    change(file, (bytes) =>
      Buffer.from(JSON.stringify({ ...JSON.parse(String(bytes)), ...settings })),
    )

  /** Its output other than the log, and its exit code. */
  const refusal = async () => {
    service = new ServiceProcess(runtime, { WORKERS: '1', MODEL: folder })
    const code = await service.exit()
    const lines = service.output.split('\n').filter((line) => !line.startsWith('{'))
    return { code, lines }
  }

  const FAULTS = [
    {
      name: 'three labels for two logits',
      damage: () => set('config.json', { id2label: { 0: 'A', 1: 'B', 2: 'C' } }),
      says: 'config.json has 3 labels (A, B, C), the weights 2 logits',
    },
    {
      name: 'more positions than the weights have',
      damage: () => {
        set('config.json', { max_position_embeddings: 600 })
        set('tokenizer_config.json', { model_max_length: 600 })
      },
      says: "a text of 600 tokens can't be run, and config.json allows 600",
    },
    {
      name: 'half of its weights',
      damage: () => change(WEIGHTS, (bytes) => bytes.subarray(0, bytes.length / 2)),
      says: "the weights can't be loaded: ",
    },
    {
      name: 'a broken tokenizer',
      damage: () => change('tokenizer.json', (bytes) => bytes.subarray(0, bytes.length / 2)),
      says: "the tokenizer can't be loaded: ",
    },
  ]

  it.each(FAULTS)('is refused in one line with $name', async ({ damage, says }) => {
    damage()
    const { code, lines } = await refusal()
    expect(lines).toEqual([expect.stringContaining(`Bad configuration: MODEL: ${says}`)])
    expect(code).toBe(1)
  })

  it('is refused in one line with a flipped bit that makes its scores not finite', async () => {
    change(WEIGHTS, (bytes) => {
      // In protobuf: the tensor's name, the tag of its data, a length of two bytes, then float32 values.
      const name = Buffer.from('layer.0.query.steps\x4a')
      const exponent = bytes.indexOf(name) + name.length + 2 + 3
      bytes.writeUInt8(bytes.readUInt8(exponent) ^ 0x40, exponent)
      return bytes
    })
    const { code, lines } = await refusal()
    expect(lines).toEqual([expect.stringMatching(/^Bad configuration: MODEL: .*not finite/)])
    expect(code).toBe(1)
  })
})

describe.each(RUNTIMES)('a model of the catalog with a changed byte, on %s', (runtime) => {
  let copy: string
  let service: ServiceProcess
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'polarity-'))
    for (const part of ['app', 'model', 'package.json']) {
      cpSync(join(ROOT, part), join(copy, part), { recursive: true })
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
    const file = join(copy, 'model/sst2-minilm', WEIGHTS)
    const bytes = readFileSync(file)
    const last = bytes.length - 300_000
    bytes.writeUInt8(bytes.readUInt8(last) ^ 1, last)
    writeFileSync(file, bytes)
  })
  afterEach(() => service.stop())
  afterAll(() => rmSync(copy, { recursive: true }))

  const start = (env: Record<string, string> = {}) => {
    service = new ServiceProcess(runtime, { WORKERS: '1', ...env }, join(copy, `app/${runtime}.ts`))
    return service
  }

  it('is refused in one line that names the file', async () => {
    const code = await start().exit()
    const lines = service.output.split('\n').filter((line) => !line.startsWith('{'))
    expect(lines).toEqual([
      expect.stringMatching(
        /^Bad configuration: MODEL: onnx\/model_quantized.onnx is not what the catalog pins: .*MODEL_ALLOW_UNVERIFIED=true/,
      ),
    ])
    expect(code).toBe(1)
  })

  it('is served with MODEL_ALLOW_UNVERIFIED, with a warning', async () => {
    await start({ MODEL_ALLOW_UNVERIFIED: 'true' }).ready()
    expect((await service.predict(['I love it'])).status).toBe(200)
    expect(service.logged('model_unverified')).toMatchObject([
      { level: 'warn', reason: expect.stringContaining(WEIGHTS) },
    ])
  })
})
