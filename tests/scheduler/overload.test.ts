import { describe, expect, it } from 'vitest'
import { AppError } from '../../app/errors.ts'
import { createCall, settled } from '../fakes.ts'
import { rejection } from '../rejection.ts'
import { setup, WORD } from './scheduling.ts'

type Scheduling = ReturnType<typeof setup>

/** Ten tokens, by its size too. */
const EIGHT_WORDS = Array(8).fill('xxx').join(' ')

/** Whether a request is admitted, or the code of its refusal. */
async function outcomeOf(asked: Promise<unknown>): Promise<string> {
  const refused = asked.then(
    () => 'admitted',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  )
  return Promise.race([refused, settled().then(() => 'admitted')])
}

/** One request after the other, each of ten milliseconds' work, until one is refused: how many were admitted. */
async function fill({ askAs }: Scheduling, caller: string): Promise<number> {
  for (let admitted = 0; admitted < 1000; admitted++) {
    if ((await outcomeOf(askAs(caller, EIGHT_WORDS))) !== 'admitted') return admitted
  }
  return 1000
}

describe('the queue in seconds', () => {
  const seconds = () =>
    setup({ maxQueueTokens: 1_000_000, maxQueueSeconds: 1, maxBatchTokens: 100 })

  it('holds no more than its bound', async () => {
    const admitted = await fill(seconds(), 'one')
    expect(admitted).toBeGreaterThan(90)
    expect(admitted).toBeLessThan(110)
  })

  it('says when to come back', async () => {
    const engine = seconds()
    await fill(engine, 'one')
    const refused = await rejection(engine.askAs('one', EIGHT_WORDS))
    expect(refused).toMatchObject({ code: 'overloaded', headers: { 'Retry-After': '1' } })
  })

  it('takes another caller’s requests whatever one caller sends', async () => {
    const engine = seconds()
    await fill(engine, 'flood')
    expect(await fill(engine, 'calm')).toBeGreaterThan(40)
  })

  it('takes a request that takes longer than the bound where nothing waits', async () => {
    const { askAs } = seconds()
    expect(await outcomeOf(askAs('one', ...Array(1000).fill('a')))).toBe('admitted')
  })

  it('takes such a request of a caller for whom nothing waits, whatever another sends', async () => {
    const engine = seconds()
    await fill(engine, 'flood')
    expect(await outcomeOf(engine.askAs('calm', ...Array(1000).fill('a')))).toBe('admitted')
  })

  it('takes no second such request of a caller', async () => {
    const { askAs } = seconds()
    void askAs('one', ...Array(1000).fill('a')).catch(() => undefined)
    expect(await outcomeOf(askAs('one', ...Array(1000).fill('b')))).toBe('overloaded')
  })

  it('is bounded also where every request has another caller', async () => {
    const { askAs } = seconds()
    const outcomes: string[] = []
    for (let caller = 0; caller < 500; caller++) {
      outcomes.push(await outcomeOf(askAs(`caller ${caller}`, EIGHT_WORDS)))
    }
    const admitted = outcomes.filter((outcome) => outcome === 'admitted').length
    expect(admitted).toBeGreaterThan(90)
    expect(admitted).toBeLessThan(110)
  })
})

describe('who was refused', () => {
  const full = async () => {
    const engine = setup({ maxQueueTokens: 1_000_000, maxQueueSeconds: 1, maxBatchTokens: 100 })
    await fill(engine, 'flood')
    return engine
  }
  const work = (tokens: number) => ({ tokens, chars: 1000 })

  it('is known before anything is read', async () => {
    const { refusalOf } = await full()
    expect(refusalOf('flood', work(50))).toMatchObject({ code: 'overloaded' })
  })

  it('is known by its texts', async () => {
    const { refusalOfTexts } = await full()
    expect(refusalOfTexts(Array(1000).fill('b'), 'flood')).toMatchObject({ code: 'overloaded' })
  })

  it('is not refused for less', async () => {
    const { refusalOf, refusalOfTexts } = await full()
    expect([refusalOf('flood', work(1)), refusalOfTexts([''], 'flood')]).toEqual([
      undefined,
      undefined,
    ])
  })

  it('is refused alone', async () => {
    const { refusalOf } = await full()
    expect(refusalOf('calm', work(50))).toBeUndefined()
  })

  it('is asked again once a request was answered', async () => {
    const { refusalOf, finish } = await full()
    await finish()
    expect(refusalOf('flood', work(50))).toBeUndefined()
  })

  it('is not refused early for a deadline that was too short', async () => {
    const { classify, refusalOf, begin } = setup({ maxQueueTokens: 10_000 })
    await begin(['a'], Array(300).fill('b'))
    const late = classify(Array(500).fill('c'), createCall({ caller: 'one', deadlineAt: 2000 }))
    await late.catch(() => undefined)
    expect(refusalOf('one', work(10_000))).toBeUndefined()
  })
})

describe('the queue in tokens', () => {
  it('is no less for a caller because another one fills it', async () => {
    const { askAs } = setup({ maxQueueTokens: 20 * WORD })
    for (let i = 0; i < 30; i++) void askAs('flood', `${i}`).catch(() => undefined)
    await settled()
    expect(await outcomeOf(askAs('calm', 'a', 'b', 'c'))).toBe('admitted')
    expect(await outcomeOf(askAs('flood', 'a'))).toBe('overloaded')
  })

  it('holds no more than an equal share of a caller that comes when it is full', async () => {
    const { askAs } = setup({ maxQueueTokens: 20 * WORD })
    for (let i = 0; i < 30; i++) void askAs('flood', `${i}`).catch(() => undefined)
    await settled()
    expect(await outcomeOf(askAs('calm', ...Array(11).fill('a')))).toBe('overloaded')
  })
})

describe('the tokenizer’s time', () => {
  /** A tokenizer that takes a millisecond a character. */
  const slow = () => setup({ maxQueueTokens: 1_000_000, maxQueueSeconds: 1000, charMs: 1 })

  it('counts in what would be too late', async () => {
    const { askAs, classify, begin } = slow()
    await begin(...Array.from({ length: 10 }, () => ['x'.repeat(100)]))
    void askAs('one', 'x'.repeat(5000)).catch(() => undefined)
    const late = createCall({ caller: 'one', deadlineAt: 4000 })
    expect(await outcomeOf(classify(['y'], late))).toBe('overloaded')
  })

  it('counts of another caller as far as a fair share', async () => {
    const { askAs, classify, begin } = slow()
    await begin(...Array.from({ length: 10 }, () => ['x'.repeat(100)]))
    void askAs('one', 'x'.repeat(5000)).catch(() => undefined)
    const other = createCall({ caller: 'two', deadlineAt: 4000 })
    expect(await outcomeOf(classify(['y'], other))).toBe('admitted')
  })
})
