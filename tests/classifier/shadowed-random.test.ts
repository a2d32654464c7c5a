import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Classify } from '../../app/classifier/classify.ts'
import { AppError } from '../../app/errors.ts'
import { answerTo, settled } from '../fakes.ts'
import { rejection } from '../rejection.ts'
import { setup } from './shadowing.ts'

const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.constant('love'),
  fc.nat({ max: 30_000 }).map((length) => 'long'.padEnd(length, ' love')),
)
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('ask' as const),
      texts: fc.array(text, { maxLength: 300 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('refuse' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('turn' as const), idle: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('well' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('short' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('fail' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** A shadowed classifier, and how many texts it has answered. */
class World {
  answered = 0
  #refuses = false
  #ended = 0
  readonly fakes

  constructor() {
    const classify: Classify = async (texts) => {
      if (this.#refuses) throw new AppError('overloaded', 'no')
      return texts.map(answerTo)
    }
    this.fakes = setup({ classify })
  }

  /** Batches that the shadow model has been asked for, and has not answered. */
  get open(): number {
    return this.fakes.asked.length - this.#ended
  }

  async take(step: Step): Promise<void> {
    if (step.type === 'ask') await this.#ask(step.texts)
    else if (step.type === 'refuse') await this.#refuse()
    else if (step.type === 'turn') this.fakes.state.idle = step.idle
    else this.#end(step.type)
    await settled()
  }

  /** Lets the shadow model answer until nothing waits. */
  async drain(): Promise<void> {
    await this.take({ type: 'turn', idle: true })
    await this.take({ type: 'ask', texts: [] })
    while (this.open > 0) await this.take({ type: 'well' })
  }

  async #ask(texts: readonly string[]): Promise<void> {
    expect(await this.fakes.ask(...texts)).toEqual(texts.map(answerTo))
    this.answered += texts.length
  }

  async #refuse(): Promise<void> {
    this.#refuses = true
    expect(await rejection(this.fakes.ask('x'))).toMatchObject({ code: 'overloaded' })
    this.#refuses = false
  }

  #end(how: 'well' | 'short' | 'fail'): void {
    const next = this.fakes.asked[this.#ended]
    if (!next) return
    this.#ended++
    const scores = next.texts.map(() => [0.2, 0.8])
    if (how === 'fail') next.done.reject(new Error('broken'))
    else next.done.resolve(how === 'well' ? scores : scores.slice(1))
  }
}

const isSmall = (texts: readonly string[]) =>
  texts.length === 1 || (texts.length <= 8 && texts.join('').length <= 1024)

const worlds = (check: (world: World, steps: readonly Step[]) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) => check(new World(), steps)),
    { numRuns: 40 },
  )

it('answers are the model’s own, and each text is counted once', async () => {
  await worlds(async (world, steps) => {
    for (const step of steps) await world.take(step)
    await world.drain()
    const counted = Object.values(await world.fakes.results())
    expect(counted.reduce((sum, texts) => sum + texts, 0)).toBe(world.answered)
  })
})

it('the shadow model is asked one small batch at a time, and none while there is better to do', async () => {
  await worlds(async (world, steps) => {
    const { asked, state } = world.fakes
    for (const step of steps) {
      const before = asked.length
      await world.take(step)
      if (!state.idle) expect(asked).toHaveLength(before)
      expect(world.open).toBeLessThanOrEqual(1)
    }
    expect(asked.filter(({ texts }) => !isSmall(texts))).toEqual([])
  })
})
