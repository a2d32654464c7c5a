import { describe, expect, it } from 'vitest'
import { BodyBudget } from '../../../app/http/body-budget.ts'
import { Window } from '../../../app/http/streaming/window.ts'
import { settled } from '../../fakes.ts'

const load = (rows: number, bytes = 1000, tokens = 10) => ({ rows, bytes, tokens })

/** Whether a promise is settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false
  const end = () => {
    done = true
  }
  promise.then(end, end)
  await settled()
  return done
}

function open(budget = new BodyBudget(10_000_000)) {
  return { budget, window: new Window(budget.open(() => 'one')) }
}

describe('a window', () => {
  it.each([
    ['rows', load(512), load(1)],
    ['tokens', load(1, 1000, 16_384), load(1)],
    ['bytes', load(1, 1_048_576), load(1)],
  ])('has a bound of %s', async (_, most, more) => {
    const { window } = open()
    await window.enter(most)
    const entering = window.enter(more)
    expect(await isDone(entering)).toBe(false)
    window.leave(most)
    expect(await isDone(entering)).toBe(true)
  })

  it('has room for anything if it is empty', async () => {
    expect(await isDone(open().window.enter(load(1, 2_000_000)))).toBe(true)
  })

  it('takes its bytes from the budget of bodies, and gives them back', async () => {
    const { window, budget } = open()
    await window.enter(load(1, 300_000))
    window.hold(5000)
    expect(budget.free).toBe(10_000_000 - 305_000)
    window.hold(0)
    window.leave(load(1, 300_000))
    expect(budget.free).toBe(10_000_000)
  })

  it('gives them all back when it is closed, whatever comes then', async () => {
    const { window, budget } = open()
    await window.enter(load(1, 300_000))
    window.close()
    window.leave(load(1, 300_000))
    expect(budget.free).toBe(10_000_000)
  })

  it('waits for its own rows where the budget has no room for more', async () => {
    const { window } = open(new BodyBudget(1_000_000))
    await window.enter(load(1, 200_000))
    const entering = window.enter(load(1, 100_000))
    expect(await isDone(entering)).toBe(false)
    window.leave(load(1, 200_000))
    expect(await isDone(entering)).toBe(true)
  })

  it('refuses where the budget has no room and it is empty', async () => {
    const { window } = open(new BodyBudget(1_000_000))
    const refusal = await window.enter(load(1, 300_000)).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'overloaded' })
  })
})
