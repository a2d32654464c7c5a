import { type Attack, type Verdict, verdict } from './attack.ts'
import { type Answer, all, type Headers, predict, tally } from './client.ts'

/** Texts a minute. */
export const LIMIT = 20
/** More than the limit lets through at once. */
const REQUESTS = 60
const BOUND = `the limit of ${LIMIT}, and what flows in meanwhile`
const TEXT = ['I love it']

/** One text in each request. */
async function flood(url: string, headersOf: (number: number) => Headers): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let i = 0; i < REQUESTS; i++) answers.push(await predict(url, TEXT, headersOf(i)))
  return answers
}

/** Whether the limit let through as much as one caller may have, and no more. */
function oneCaller(answers: readonly Answer[]): Verdict {
  const taken = answers.filter(({ status }) => status === 200).length
  const minutes = answers.reduce((sum, { ms }) => sum + ms, 0) / 60_000
  const most = LIMIT + Math.ceil(minutes * LIMIT) + 1
  return verdict(taken >= LIMIT && taken <= most && all(answers, 200, 429), tally(answers), BOUND)
}

/** No proxy is trusted. */
export const UNASKED: Record<string, Attack> = {
  async 'another address in each request against the rate limit'({ url }) {
    const forged = (address: string) => ({
      'x-forwarded-for': address,
      'x-real-ip': address,
      'true-client-ip': address,
      forwarded: `for=${address}`,
      'x-api-key': address,
    })
    return oneCaller(await flood(url, (i) => forged(`198.51.100.${i}`)))
  },
}

/** Other proxies are trusted than the one that connects. */
export const UNTRUSTED: Record<string, Attack> = {
  async 'another X-Forwarded-For in each request, from no trusted proxy'({ url }) {
    const claim = (i: number) => of([`198.51.100.${i}`, `198.51.100.${i}, 10.0.0.1`], i)
    return oneCaller(await flood(url, (i) => ({ 'x-forwarded-for': claim(i) })))
  },
}

/** What a trusted proxy may pass on, by the number of the request: each table is one caller. */
const ONE_CALLER: Record<string, (number: number) => string | string[]> = {
  'claims before its own address': (i) => `10.9.9.${i}, 203.0.113.${i}, 198.51.100.2`,
  'claims in another line': (i) => [`203.0.113.${i}`, '198.51.100.3'],
  'claims, and two trusted proxies': (i) => `203.0.113.${i}, 198.51.100.4, 10.0.0.${i}, 10.1.1.1`,
  'a thousand claims': (i) => `${`203.0.113.${i},`.repeat(1000)} 198.51.100.5`,
  'five hundred trusted proxies': (i) => `198.51.100.6${`, 10.0.0.${i}`.repeat(500)}`,
  'other ports': (i) => `198.51.100.7:${1024 + i}`,
  'other addresses of its IPv6 network': (i) => `2001:db8:1:1::${i.toString(16)}`,
  'other ports and zones of IPv6': (i) => `[2001:db8:1:2::1%${i}]:${1024 + i}`,
  'other spellings of IPv4': (i) => of(IPV4_SPELLINGS, i),
  'other spellings of IPv6': (i) => of(IPV6_SPELLINGS, i),
  'no address': (i) => of(GARBAGE, i),
}

const of = (list: readonly string[], number: number): string => list[number % list.length] ?? ''

const IPV4_SPELLINGS = [
  '198.51.100.8',
  ' \t198.51.100.8 ',
  '198.51.100.8:80',
  '::ffff:198.51.100.8',
  '::FFFF:c633:6408',
  '0:0:0:0:0:ffff:C633:6408',
  '[::ffff:198.51.100.8]:80',
  '::ffff:198.51.100.8%eth0',
]

const IPV6_SPELLINGS = [
  '2001:db8:1:3::1',
  '2001:DB8:1:3::1',
  '2001:0db8:0001:0003:0000:0000:0000:0001',
  '[2001:db8:1:3::1]',
  '2001:db8:1:3::198.51.100.8',
]

/** All these are the caller that the trusted proxy itself is. */
const GARBAGE = [
  '',
  ',',
  ' , ,\t, ',
  ','.repeat(8000),
  'unknown',
  '_hidden',
  'a'.repeat(8000),
  '1.2.3',
  '1',
  '256.1.1.1',
  '0306.063.0144.01',
  '0x7f.0.0.1',
  '1.2.3.4.5',
  '1.2.3.4/8',
  '-1.2.3.4',
  '::g',
  ':::',
  '[::1',
  '1::2::3',
  '2001:db8:1:3::1/64',
  '"[2001:db8:1:3::1]:80"',
  'for=198.51.100.9',
  '198.51.100.9;198.51.100.10',
  '198.51.100.9, unknown',
  '198.51.100.9, ',
  '198.51.100.9\u00a0',
  '198.51.100.\u0669',
  '__proto__',
].map((hop) => Buffer.from(hop).toString('latin1'))

/** The proxy that connects is trusted. */
export const TRUSTED: Record<string, Attack> = {
  ...Object.fromEntries(
    Object.entries(ONE_CALLER).map(([name, hops]): [string, Attack] => [
      `by a trusted proxy: ${name}`,
      async ({ url }) => oneCaller(await flood(url, (i) => ({ 'x-forwarded-for': hops(i) }))),
    ]),
  ),
  async 'by a trusted proxy: a flood of one client, and others'({ url }) {
    const flooded = await flood(url, () => ({ 'x-forwarded-for': '198.51.100.1' }))
    const others = await flood(url, (i) => ({ 'x-forwarded-for': `203.0.113.${i}` }))
    const held = all(others, 200) && oneCaller(flooded).held
    return verdict(held, `${tally(flooded)}; others ${tally(others)}`, `${BOUND}; others 200`)
  },
}
