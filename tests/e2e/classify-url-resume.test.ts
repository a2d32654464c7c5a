import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classifyInput } from '../../cli/bulk/classify-input.ts'
import { openService } from '../../cli/bulk/service-model.ts'
import { freePort } from '../../harness/free-port.ts'
import { RUNTIMES, ServiceProcess } from '../../harness/process.ts'
import { OPTIONS as BASE } from '../cli/bulk/run.ts'
import { stopAfter } from '../cli/bulk/stop-after.ts'
import { openFolder, polarity, SETTINGS, tableOf } from './classify-url.ts'

const RATE_LIMITED = 'polarity_rejected_total{code="rate_limited"}'
const OPTIONS = { ...BASE, resume: true }

/** Milliseconds: a limit of its own has each run wait for some seconds. */
const TIMEOUT = 180_000

let folder: string
let close: () => Promise<void>
beforeAll(async () => {
  ;({ folder, close } = await openFolder())
})
afterAll(() => close())

/** Classifies a file by a service, as the command does. */
async function classifyBy(url: string, file: string, options: Partial<typeof OPTIONS> = {}) {
  const predictor = await openService({ url })
  try {
    return await classifyInput(file, { ...OPTIONS, out: `${file}.out`, ...options }, predictor)
  } finally {
    await predictor.close()
  }
}

const outputOf = (file: string) => readFile(`${file}.out`, 'utf8')

describe.each(RUNTIMES)('a run by a service on %s with a rate limit', (runtime) => {
  it(
    'gives the same bytes, wherever it is cut and resumed',
    async () => {
      const free = await new ServiceProcess(runtime, SETTINGS).ready()
      const env = { ...SETTINGS, RATE_LIMIT_TEXTS_PER_MINUTE: '12000' }
      const limited = await new ServiceProcess(runtime, env).ready()
      try {
        // Takes what the limit allows at once, so that the runs after it have to wait.
        const all = join(folder, `${runtime}-all.csv`)
        await writeFile(all, tableOf(12_000, 'all'))
        await classifyBy(limited.url, all)

        let round = 0
        const cuts = fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 3 })
        await fc.assert(
          fc.asyncProperty(cuts, async (chunks) => {
            round++
            const file = join(folder, `${runtime}-${round}.csv`)
            await writeFile(file, tableOf(700, `${round}`))
            for (const count of chunks) {
              const { complete } = await classifyBy(limited.url, file, stopAfter(count))
              if (!complete) await appendFile(`${file}.out.part`, 'after the last state')
            }
            await classifyBy(limited.url, file)
            const cut = await outputOf(file)
            await classifyBy(free.url, file)
            expect(cut).toBe(await outputOf(file))
          }),
          { numRuns: 4 },
        )
        expect(await limited.metric(RATE_LIMITED)).toBeGreaterThan(0)
      } finally {
        await free.stop()
        await limited.stop()
      }
    },
    TIMEOUT,
  )
})

describe.each(RUNTIMES)('a run by a service on %s that is killed and comes back', (runtime) => {
  it(
    'goes on without a gap',
    async () => {
      const env = { ...SETTINGS, PORT: String(await freePort()) }
      const services = [await new ServiceProcess(runtime, env).ready()]
      try {
        const url = services[0]?.url ?? ''
        const file = join(folder, `${runtime}-killed.csv`)
        await writeFile(file, tableOf(20_000, 'killed'))
        const broken = Promise.withResolvers<void>()
        const run = classifyBy(url, file, { onProgress: () => broken.resolve() })
        await broken.promise
        await services[0]?.stop()
        services.push(await new ServiceProcess(runtime, env).ready())
        expect(await run).toMatchObject({ complete: true, counts: { rows: 20_000 } })

        const before = await outputOf(file)
        await classifyBy(url, file)
        expect(before).toBe(await outputOf(file))
      } finally {
        for (const service of services) await service.stop()
      }
    },
    TIMEOUT,
  )
})

it(
  'a run that ends for want of a service goes on with --resume',
  async () => {
    const env = { ...SETTINGS, PORT: String(await freePort()) }
    const services = [await new ServiceProcess('node', env).ready()]
    try {
      const url = services[0]?.url ?? ''
      const file = join(folder, 'lost.csv')
      const out = join(folder, 'lost.out.csv')
      await writeFile(file, tableOf(20_000, 'lost'))
      const args = ['classify', file, '--url', url, '--out', out]
      const lost = polarity('node', [...args, '--timeout', '1'])
      await services[0]?.until(
        'polarity_predictions_total{label="POSITIVE"}',
        (count) => count > 500,
      )
      await services[0]?.stop()
      const { stderr, code } = await lost
      expect(code).toBe(1)
      expect(stderr).toMatch(/ECONN\w+.*--resume goes on/)

      services.push(await new ServiceProcess('node', env).ready())
      expect((await polarity('node', [...args, '--resume'])).code).toBe(0)
      const resumed = await readFile(out, 'utf8')
      await polarity('node', args)
      expect(resumed).toBe(await readFile(out, 'utf8'))
    } finally {
      for (const service of services) await service.stop()
    }
  },
  TIMEOUT,
)
