import { describe, expect, it } from 'vitest'
import { codingFor } from '../../app/http/accept-encoding.ts'

describe('the coding of an answer', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['GZIP', 'gzip'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0, gzip;q=0', undefined],
    ['br;q=0, *', 'gzip'],
    ['*', 'br'],
    ['*;q=0', undefined],
    ['deflate, zstd', undefined],
    ['identity', undefined],
    ['identity;q=1, gzip;q=0.5', undefined],
    ['gzip ; q=0.001', 'gzip'],
    ['gzip;q=nonsense', 'gzip'],
    ['gzip;level=9;q=0', undefined],
  ])('for %s is %s', (acceptEncoding, coding) => {
    expect(codingFor(acceptEncoding)).toBe(coding)
  })
})
