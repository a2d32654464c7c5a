import { describe, expect, it } from 'vitest'
import { SharedTimer } from '../app/shared-timer.ts'
import { rejection } from './rejection.ts'

const late = () => new Error('late')
const never = new Promise(() => undefined)
const soon = () => performance.now() + 30
const inAMinute = () => performance.now() + 60_000

describe('a shared timer', () => {
  it('gives what the work gives', async () => {
    expect(await new SharedTimer().race(Promise.resolve('done'), inAMinute(), late)).toBe('done')
  })

  it('fails as the work fails', async () => {
    const failing = new SharedTimer().race(Promise.reject(new Error('boom')), inAMinute(), late)
    expect(String(await rejection(failing))).toContain('boom')
  })

  it('fails with the error of who is late', async () => {
    expect(String(await rejection(new SharedTimer().race(never, soon(), late)))).toContain('late')
  })

  it('fails nobody else', async () => {
    const timer = new SharedTimer()
    const { promise, resolve } = Promise.withResolvers<string>()
    const patient = timer.race(promise, inAMinute(), late)
    await rejection(timer.race(never, soon(), late))
    resolve('in time')
    expect(await patient).toBe('in time')
  })

  it('goes on after it had nothing to do', async () => {
    const timer = new SharedTimer()
    await rejection(timer.race(never, soon(), late))
    expect(String(await rejection(timer.race(never, soon(), late)))).toContain('late')
  })
})
