import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'

/** One word of this takes the library's WordPiece the cube of its length: minutes. */
const HOSTILE = 'x'.repeat(20_000)

describe.each(RUNTIMES)("a library's tokenizer that never ends on %s", (runtime) => {
  let folder: string
  let service: ServiceProcess
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slow-tokenizer-'))
    await cp(TINY_MODEL, folder, { recursive: true })
    const file = join(folder, 'tokenizer.json')
    await writeFile(file, JSON.stringify(slowed(JSON.parse(await readFile(file, 'utf8')))))
  })
  afterAll(() => rm(folder, { recursive: true }))
  afterEach(() => service.stop())

  it('fails the one request with 422, is replaced, and ends with the process', async () => {
    service = new ServiceProcess(runtime, {
      MODEL: folder,
      DRAIN_SECONDS: '0',
      WORKERS: '1',
      BATCH_TIMEOUT_SECONDS: '15',
    })
    await service.ready()
    const [hostile, waiting] = await Promise.all([
      service.predict(['good', HOSTILE]),
      service.predict(['bad']),
    ])
    expect([hostile.status, waiting.status]).toEqual([422, 200])
    expect(await hostile.json()).toMatchObject({
      code: 'invalid_request',
      detail: "A text takes the model's tokenizer too long.",
    })
    expect((await service.predict(['good'])).status).toBe(200)
    expect(await service.metric('polarity_worker_restarts_total')).toBe(1)
    service.signal('SIGTERM')
    expect(await service.exit()).toBe(0)
  })
})

/** The same tokenizer in another class, with a word limit that is none, and pieces that end nowhere. */
function slowed({ model, pre_tokenizer, ...rest }: TokenizerFile) {
  const unknown = model.vocab['[UNK]']
  return {
    ...rest,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [pre_tokenizer] },
    model: {
      ...model,
      max_input_chars_per_word: 100_000,
      vocab: { ...model.vocab, x: unknown, '##x': unknown },
    },
  }
}

interface TokenizerFile {
  readonly pre_tokenizer: object
  readonly model: { readonly vocab: Readonly<Record<string, number>> }
}
