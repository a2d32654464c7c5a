import { describe, expect, it } from 'vitest'
import { PolarityClient } from '../../client/src/index.ts'

describe('a client that can’t work', () => {
  it.each([
    ['no address', '', {}, TypeError],
    ['an address of another kind', 'ftp://polarity.test', {}, TypeError],
    ['a user in the address', 'http://a:b@polarity.test', {}, TypeError],
    ['a key that no header can hold', 'http://polarity.test', { apiKey: 'a\nb' }, TypeError],
    ['an empty key', 'http://polarity.test', { apiKey: '' }, TypeError],
    ['no room for a request', 'http://polarity.test', { concurrency: 0 }, RangeError],
    ['no number of retries', 'http://polarity.test', { retries: Number.NaN }, RangeError],
    ['no time', 'http://polarity.test', { timeoutMs: -1 }, RangeError],
  ])('is refused: %s', (...[, address, options, error]) => {
    expect(() => new PolarityClient(address, options)).toThrow(error)
  })

  it('does not show its key', () => {
    const open = () => new PolarityClient('http://polarity.test', { apiKey: 'hidden ü' })
    expect(open).toThrow(/^(?!.*hidden)/)
  })
})
