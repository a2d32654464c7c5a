import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { RUNTIMES, ServiceProcess } from '../../harness/process.ts'

const Body = z.object({
  predictions: z.array(z.array(z.object({ label: z.string(), score: z.number() }))),
})
/** As many words of one token as fit beside two special tokens. */
const FULL = 510
const begin = 'dreadful '.repeat(FULL)
const end = 'nice '.repeat(FULL)

const logit = (score = 0) => Math.log(score / (1 - score))

describe.each(RUNTIMES)('long texts in windows on %s', (runtime) => {
  let service: ServiceProcess
  beforeAll(async () => {
    service = await new ServiceProcess(runtime, { LONG_TEXTS: 'window' }).ready()
  }, 60_000)
  afterAll(() => service.stop())

  const ask = async (...text: string[]) => {
    const response = await service.predict(text)
    const { predictions } = Body.parse(await response.json())
    const positive = predictions.map(
      (scores) => scores.find(({ label }) => label === 'POSITIVE')?.score,
    )
    return { positive, truncated: response.headers.get('x-truncated') }
  }

  it('have the mean of the logits of their begin and their end', async () => {
    const { positive, truncated } = await ask(begin, end, begin + end)
    const [first, last, both] = positive.map(logit)
    expect(both).toBeCloseTo(((first ?? 0) + (last ?? 0)) / 2, 4)
    expect(truncated).toBeNull()
  })

  it('are truncated where neither window reads', async () => {
    const { positive, truncated } = await ask('short', `${begin}middle ${end}`, begin + end)
    expect(truncated).toBe('1')
    expect(positive[1]).toBeCloseTo(positive[2] ?? 0, 5)
  })

  it('are what /info says', async () => {
    const info = await (await fetch(`${service.url}/info`)).json()
    expect(info).toMatchObject({ long_texts: 'window', model: { max_tokens: 512 } })
  })
})
