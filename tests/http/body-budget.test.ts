import { describe, expect, it } from 'vitest'
import { BodyBudget } from '../../app/http/body-budget.ts'

const MEGABYTE = 1_000_000

/** How many bodies of these bytes one caller can have at once. */
function fill(budget: BodyBudget, caller: string, bytes: number): number {
  for (let taken = 0; taken < 1000; taken++) {
    if (!takes(budget, caller, bytes)) return taken
  }
  return 1000
}

function takes(budget: BodyBudget, caller: string, bytes: number): boolean {
  try {
    budget.open(() => caller).reach(bytes)
    return true
  } catch {
    return false
  }
}

describe('the budget of bodies', () => {
  it('leaves half to others, however much one caller wants', () => {
    expect(fill(new BodyBudget(64 * MEGABYTE), 'one', 2 * MEGABYTE)).toBe(16)
  })

  it('counts a body that has shrunk as small', () => {
    const budget = new BodyBudget(64 * MEGABYTE)
    const body = budget.open(() => 'one')
    body.reach(10 * MEGABYTE)
    body.shrink(1000)
    expect(budget.free).toBe(64 * MEGABYTE - 1000)
    expect(fill(budget, 'one', 2 * MEGABYTE)).toBe(15)
    body.release()
    body.shrink(0)
    expect(takes(budget, 'one', 1000)).toBe(true)
  })

  it('has room for another caller’s large bodies then', () => {
    const budget = new BodyBudget(64 * MEGABYTE)
    fill(budget, 'one', 2 * MEGABYTE)
    expect(takes(budget, 'two', 2 * MEGABYTE)).toBe(true)
  })

  it('has room for small ones when many callers have filled it with large ones', () => {
    const budget = new BodyBudget(64 * MEGABYTE)
    for (let i = 0; i < 100; i++) fill(budget, `caller ${i}`, 2 * MEGABYTE)
    expect(takes(budget, 'one more', 2 * MEGABYTE)).toBe(false)
    expect(takes(budget, 'one more', 10_000)).toBe(true)
    expect(takes(budget, 'caller 1', 10_000)).toBe(true)
  })

  it('says that bodies are why one is refused', () => {
    const refuse = () => new BodyBudget(MEGABYTE).open(() => 'one').reach(2 * MEGABYTE)
    expect(refuse).toThrow(expect.objectContaining({ code: 'overloaded', shed: 'bodies' }))
  })

  it('is never overspent', () => {
    const budget = new BodyBudget(MEGABYTE)
    for (let bytes = MEGABYTE; bytes > 0; bytes = Math.floor(bytes / 2)) {
      for (let i = 0; i < 50; i++) fill(budget, `caller ${i}`, bytes)
    }
    expect(budget.free).toBeGreaterThanOrEqual(0)
  })

  it('counts what is read beyond what was announced', () => {
    const budget = new BodyBudget(MEGABYTE)
    const reservation = budget.open(() => 'one')
    reservation.reach(100_000)
    reservation.reach(200_000)
    expect(budget.free).toBe(800_000)
    reservation.release()
    expect(budget.free).toBe(MEGABYTE)
  })

  it('gives a body nothing more once it is released, and takes nothing back twice', () => {
    const budget = new BodyBudget(MEGABYTE)
    const reservation = budget.open(() => 'one')
    reservation.reach(100_000)
    reservation.release()
    reservation.release()
    expect(() => reservation.reach(200_000)).toThrow('Too many request bodies')
    expect(budget.free).toBe(MEGABYTE)
  })
})
