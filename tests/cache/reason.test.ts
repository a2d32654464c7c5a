import { expect, it } from 'vitest'
import { reasonOf } from '../../app/cache/reason.ts'

it.each([
  ["Stream isn't writeable and enableOfflineQueue options is false", 'Redis is not connected'],
  ['Connection is closed.', 'the connection to Redis is closed'],
  ['connect ECONNREFUSED 127.0.0.1:1', 'connect ECONNREFUSED 127.0.0.1:1'],
  ['ERR full, command was: ["set","a key"]', 'ERR full'],
  ['one line\n  and another', 'one line and another'],
])('why a cache failed is said in plain words: %s', (message, reason) => {
  expect(reasonOf(new Error(message))).toBe(reason)
})

it('why a cache failed is said by the first of several attempts', () => {
  const refused = new Error('connect ECONNREFUSED ::1:6379')
  expect(reasonOf(new AggregateError([refused, new Error()]))).toBe(refused.message)
})

it('why a cache failed is said with the cause of it', () => {
  const failed = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED ::1:1') })
  expect(reasonOf(failed)).toBe('fetch failed: connect ECONNREFUSED ::1:1')
})
