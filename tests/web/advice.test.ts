import { describe, expect, it } from 'vitest'
import { ERROR_CODES, PROBLEMS } from '../../app/errors.ts'
import { adviceOn, waitingFor } from '../../app/web/advice.js'
import { Refused } from '../../app/web/service.js'

const state = { hasKey: false, online: true }
const refused = (status: number, code = '', issues: { path: string; message: string }[] = []) =>
  new Refused({ status, code, detail: `Detail of ${code}.`, issues })

describe('the advice', () => {
  it.each(ERROR_CODES)('has words of its own for %s', (code) => {
    const words = adviceOn(refused(PROBLEMS[code].status, code), state)
    expect(words).toMatch(/^[A-Z].*\.$|\?$/)
    expect(words).not.toMatch(/Detail of|\d{3}|[a-z]_[a-z]|gateway said/)
  })

  it('repeats what the service says of the texts', () => {
    const issues = [{ path: 'text[1]', message: 'Must not be blank.' }]
    expect(adviceOn(refused(422, 'invalid_request', issues), state)).toContain('Must not be blank.')
  })

  it('tells a missing key from an unknown one', () => {
    const error = refused(401, 'unauthorized')
    expect(adviceOn(error, state)).toContain('asks for an API key')
    expect(adviceOn(error, { ...state, hasKey: true })).toContain('does not know that API key')
  })

  it.each([
    [502, 'a gateway said 502'],
    [418, 'answered 418'],
    [200, 'Something other than the service answered'],
  ])('says that %i is not the service’s own', (status, words) => {
    expect(adviceOn(refused(status), state)).toContain(words)
  })

  it('tells no connection from no service', () => {
    expect(adviceOn(new TypeError(), { ...state, online: false })).toContain('offline')
    expect(adviceOn(new TypeError(), state)).toContain('could not be reached')
  })
})

it('says why it waits, and how long', () => {
  expect(waitingFor(refused(429, 'rate_limited'), 8)).toContain(
    'in a minute. Trying again in 8 seconds.',
  )
  expect(waitingFor(refused(503, 'not_ready'), 1)).toBe(
    'The service is busy. Trying again in a second.',
  )
})
