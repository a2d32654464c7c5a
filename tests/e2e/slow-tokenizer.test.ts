import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess } from '../../harness/process.ts'
import { HOSTILE, SlowTokenizerModel } from '../../harness/slow-tokenizer.ts'

describe.each(RUNTIMES)("a library's tokenizer that never ends on %s", (runtime) => {
  let model: SlowTokenizerModel
  let service: ServiceProcess
  beforeEach(async () => {
    model = await SlowTokenizerModel.create()
    service = new ServiceProcess(runtime, {
      MODEL: model.folder,
      DRAIN_SECONDS: '0',
      WORKERS: '1',
      BATCH_TIMEOUT_SECONDS: '15',
    })
    await service.ready()
  })
  afterEach(async () => {
    await service.stop()
    await model.remove()
  })

  it('fails the one request with 422, is replaced, and ends with the process', async () => {
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
    expect(await service.metric('polarity_tokenizer_threads{state="idle"}')).toBe(1)
    service.signal('SIGTERM')
    expect(await service.exit()).toBe(0)
  })

  it('is seen in the metrics where no new thread can open it', async () => {
    await model.breakTokenizer()
    await service.predict([HOSTILE])
    await service.waitFor('worker_start_failed')
    expect(await service.metric('polarity_tokenizer_threads{state="idle"}')).toBe(0)
    expect(await service.metric('polarity_tokenizer_threads{state="starting"}')).toBe(1)
    expect(await service.metric('polarity_workers{state="idle"}')).toBe(1)
  })
})
