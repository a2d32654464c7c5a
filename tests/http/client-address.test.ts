import { describe, expect, it } from 'vitest'
import type { Classify } from '../../app/classifier/classify.ts'
import { answerTo, createTestApp } from '../fakes.ts'

/** The caller as the classifier sees it. */
async function callerOf(remoteAddress: string, forwarded: string | undefined, proxies = '') {
  const callers: string[] = []
  const classify: Classify = async (texts, call) => {
    callers.push(call.caller())
    return texts.map(answerTo)
  }
  const app = createTestApp({ classify }, { TRUSTED_PROXIES: proxies })
  const headers = new Headers({ 'content-type': 'application/json' })
  if (forwarded !== undefined) headers.set('x-forwarded-for', forwarded)
  const init = { method: 'POST', body: '{"text":["a"]}', headers }
  await app.request('/predict', init, { remoteAddress: () => remoteAddress })
  return callers[0]
}

const PROXIES = '10.0.0.0/8, 192.0.2.7, fd00::/8'

describe('a caller without a key', () => {
  it.each([
    ['203.0.113.5', '203.0.113.5'],
    ['::ffff:203.0.113.5', '203.0.113.5'],
    ['::ffff:cb00:7105', '203.0.113.5'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::9', '2001:db8:1:3::/64'],
    ['::1', '::/64'],
  ])('from %s is %s', async (address, caller) => {
    expect(await callerOf(address, undefined)).toBe(caller)
  })

  it('is not believed who it says it is', async () => {
    expect(await callerOf('203.0.113.5', '198.51.100.1')).toBe('203.0.113.5')
    expect(await callerOf('203.0.113.5', '198.51.100.1', PROXIES)).toBe('203.0.113.5')
  })
})

describe('behind trusted proxies', () => {
  it.each([
    ['the last hop', '198.51.100.1', '198.51.100.1'],
    ['the last hop that is no proxy', '198.51.100.1, 10.1.1.1, 192.0.2.7', '198.51.100.1'],
    ['not what the client claims', '1.2.3.4, 198.51.100.1, 10.1.1.1', '198.51.100.1'],
    ['a hop with a port', '198.51.100.1:4711', '198.51.100.1'],
    ['an IPv6 hop', '2001:db8::9, fd00::1', '2001:db8::/64'],
    ['an IPv6 hop with a port', '[2001:db8::9]:443', '2001:db8::/64'],
    ['an IPv4 hop in IPv6', '::ffff:198.51.100.1, ::ffff:10.1.1.1', '198.51.100.1'],
    ['the first hop if all are proxies', '10.1.1.1, 10.2.2.2', '10.1.1.1'],
    ['the proxy before a hop that is no address', '198.51.100.1, unknown, 10.2.2.2', '10.2.2.2'],
    ['the proxy if the header is empty', '', '10.0.0.1'],
    ['the proxy if the last hop is octal', '0306.063.0144.01', '10.0.0.1'],
  ])('a caller is %s', async (_, forwarded, caller) => {
    expect(await callerOf('10.0.0.1', forwarded, PROXIES)).toBe(caller)
  })

  it('the connection of a proxy may be IPv4 in IPv6', async () => {
    expect(await callerOf('::ffff:10.0.0.1', '198.51.100.1', PROXIES)).toBe('198.51.100.1')
  })
})
