import { expect, it } from 'vitest'
import type { Prediction } from '../../app/classifier/classify.ts'
import { answerTo, type fakeClassify } from '../fakes.ts'
import { sources } from './sharing.ts'

interface Cached {
  readonly model: ReturnType<typeof fakeClassify>
  ask(...texts: string[]): Promise<readonly Prediction[]>
}

/** What every tier of the cache promises; `setup` gives one around a model of its own, which has source `memory`. */
export function promisesOfCaches(setup: () => Cached): void {
  it('asks the model once for each distinct text', async () => {
    const { model, ask } = setup()
    await ask('a', 'b', 'a')
    await ask('b', 'c')
    expect(model.lists).toEqual([['a', 'b'], ['c']])
  })

  it('answers in the order of the texts', async () => {
    const { ask } = setup()
    await ask('I love it')
    const answers = await ask('no', 'I love it', 'no', 'nor')
    expect(answers.map(({ scores }) => scores)).toEqual(
      ['no', 'I love it', 'no', 'nor'].map((text) => answerTo(text).scores),
    )
  })

  it('reports the source of each prediction', async () => {
    const { ask } = setup()
    expect(sources(await ask('a', 'b', 'a'))).toEqual(['model', 'model', 'coalesced'])
    expect(sources(await ask('a', 'a', 'c'))).toEqual(['memory', 'memory', 'model'])
  })
}
