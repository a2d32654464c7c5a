import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'

/** Takes a split of this text at a pattern that backtracks exponentially for ever. */
const HOSTILE = 'x'.repeat(64)
const SLOW_SPLIT = {
  type: 'Sequence',
  pretokenizers: [
    { type: 'Split', pattern: { Regex: '(x+x+)+y' }, behavior: 'Isolated', invert: false },
    { type: 'BertPreTokenizer' },
  ],
}

describe.each(RUNTIMES)("a library's tokenizer that never ends on %s", (runtime) => {
  let folder: string
  let service: ServiceProcess
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slow-tokenizer-'))
    await cp(TINY_MODEL, folder, { recursive: true })
    const file = join(folder, 'tokenizer.json')
    const contents = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ ...contents, pre_tokenizer: SLOW_SPLIT }))
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
