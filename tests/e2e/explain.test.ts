import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { RUNTIMES, ServiceProcess } from '../../harness/process.ts'

const Span = z.object({ from: z.number(), to: z.number(), push: z.number() })
const Body = z.object({
  predictions: z.array(z.array(z.object({ label: z.string(), score: z.number() }))),
  explanations: z.array(
    z.object({
      label: z.string(),
      base: z.number(),
      words: z.array(Span.extend({ text: z.string() })),
      passages: z.array(Span).optional(),
    }),
  ),
})

/** Nothing is known from before: each answer is the model's. */
const ENV = { CACHE_MEMORY_ENTRIES: '0' }
const MIXED = 'I love the actors, but the story is awful 😍 and 我不喜欢它 ฉันรักหนังเรื่องนี้.'
const DIGITS = 5

const ask = ({ url }: ServiceProcess, text: readonly string[], explain: unknown = true) =>
  fetch(`${url}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text, explain }),
  })

async function explain(...asked: Parameters<typeof ask>) {
  const response = await ask(...asked)
  expect(response.status).toBe(200)
  const { predictions, explanations } = Body.parse(await response.json())
  return { scores: predictions.map(([, last]) => last?.score ?? 0), explanations }
}

type Explained = Awaited<ReturnType<typeof explain>>['explanations'][number]

const pushOf = ({ words }: Explained, word: string) =>
  words.find(({ text }) => text === word)?.push ?? Number.NaN

describe.each(RUNTIMES)('explanations on %s', (runtime) => {
  let service: ServiceProcess
  beforeAll(async () => {
    service = await new ServiceProcess(runtime, ENV).ready()
  }, 60_000)
  afterAll(() => service.stop())

  it('say which words push the score up, and which down', async () => {
    const texts = ['What great actors!', 'See you there 😍', 'An awful story.']
    const [great, emoji, awful] = (await explain(service, texts)).explanations
    expect(great && pushOf(great, 'great')).toBeGreaterThan(0.1)
    expect(emoji && pushOf(emoji, '😍')).toBeGreaterThan(0.1)
    expect(awful && pushOf(awful, 'awful')).toBeLessThan(-0.1)
  })

  it('are what the texts without the words score by themselves', async () => {
    const { scores, explanations } = await explain(service, ['Not a good film.'])
    const variants = ['a good film.', 'Not good film.', 'Not a film.', 'Not a good .']
    const alone = (await explain(service, variants)).scores
    expect(explanations[0]?.base).toBe(scores[0])
    for (const [i, { push }] of (explanations[0]?.words ?? []).entries())
      expect(push).toBeCloseTo((scores[0] ?? 0) - (alone[i] ?? 0), DIGITS)
  })

  it('of a word alone say how far it is from no text at all', async () => {
    const { scores, explanations } = await explain(service, ['great', '...'])
    const [only] = explanations[0]?.words ?? []
    expect(only).toMatchObject({ from: 0, to: 5, text: 'great' })
    expect(only?.push).toBeGreaterThan(0)
    expect(explanations[1]).toEqual({ label: 'POSITIVE', base: scores[1], words: [] })
  })

  it('are the same alone and among others', async () => {
    const texts = [MIXED, 'fine', 'It was neither good nor bad, to be honest.', 'x '.repeat(64)]
    const together = (await explain(service, texts)).explanations
    for (const [i, text] of texts.entries()) {
      const [alone] = (await explain(service, [text])).explanations
      expect(together[i]?.words.map(({ from, to }) => [from, to])).toEqual(
        alone?.words.map(({ from, to }) => [from, to]),
      )
      for (const [k, { push }] of (alone?.words ?? []).entries())
        expect(together[i]?.words[k]?.push).toBeCloseTo(push, DIGITS)
    }
  })

  it('are opposite for the other of two labels', async () => {
    const [positive] = (await explain(service, ['I love it'])).explanations
    const [negative] = (await explain(service, ['I love it'], { label: 'NEGATIVE' })).explanations
    for (const [i, { push }] of (positive?.words ?? []).entries())
      expect(negative?.words[i]?.push).toBeCloseTo(-push, DIGITS)
  })

  it('of a long text are of the words of its strongest sentences', async () => {
    const dull = 'They met in a room of the house and spoke of the weather. '
    const text = `${dull.repeat(5)}What a wonderful and moving film this is! ${dull.repeat(3)}`
    const [one] = (await explain(service, [text])).explanations
    expect(one?.words.length).toBe(64)
    expect(one?.passages?.length).toBeLessThanOrEqual(16)
    expect(one && pushOf(one, 'wonderful')).toBeGreaterThan(0)
  })

  it('take no more texts than /info says', async () => {
    const { explanations } = z
      .object({ explanations: z.object({ max_texts: z.number(), max_words: z.number() }) })
      .parse(await (await fetch(`${service.url}/info`)).json())
    expect(explanations).toEqual({ max_texts: 8, max_words: 64 })
    const text = Array.from({ length: 9 }, (_, i) => `text ${i}`)
    expect((await ask(service, text)).status).toBe(422)
  })
})

it('have the same words on every runtime', async () => {
  const found = RUNTIMES.map(async (runtime) => {
    const service = await new ServiceProcess(runtime, ENV).ready()
    const [one] = (await explain(service, [MIXED])).explanations
    await service.stop()
    return one?.words.map(({ from, text }) => [from, text])
  })
  const [first, ...others] = await Promise.all(found)
  expect(first?.length).toBeGreaterThan(15)
  for (const other of others) expect(other).toEqual(first)
}, 60_000)

it('can be turned off', async () => {
  const service = await new ServiceProcess('node', { EXPLAIN: 'off' }).ready()
  const response = await ask(service, ['I love it'])
  expect(response.status).toBe(422)
  expect(await response.json()).toMatchObject({
    code: 'invalid_request',
    errors: [{ path: 'explain', message: 'Explanations are off.' }],
  })
  expect(await (await fetch(`${service.url}/info`)).json()).toMatchObject({ explanations: null })
  await service.stop()
}, 60_000)
