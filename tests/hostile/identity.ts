import { type Attack, against, verdict } from './attack.ts'
import { type Answer, ask, predict, tally } from './client.ts'
import { LIMIT, TRUSTED, UNASKED, UNTRUSTED } from './forwarded.ts'
import { digestOf } from './keys.ts'
import type { Part } from './part.ts'

const KEY = 'the-right-key'
const TEXT = ['I love it']
const FLOOD = 3000
/** The default of LOG_REQUESTS_PER_SECOND. */
const LINES_PER_SECOND = 20

const WRONG_KEYS: Record<string, Record<string, string>> = {
  none: {},
  empty: { authorization: 'Bearer ', 'x-api-key': '' },
  wrong: { authorization: 'Bearer wrong' },
  'its digest': { 'x-api-key': digestOf(KEY) },
  'a part': { 'x-api-key': KEY.slice(0, -1) },
  'in other case': { 'x-api-key': KEY.toUpperCase() },
  basic: { authorization: `Basic ${Buffer.from(`a:${KEY}`).toString('base64')}` },
  'of 7 kB': { 'x-api-key': 'k'.repeat(7000) },
  'beside others': { 'x-api-key': `a, ${KEY}` },
  'like a field of every object': { 'x-api-key': '__proto__' },
}

/** With one key. */
const KEYED: Record<string, Attack> = {
  async 'keys that are none'({ url }) {
    const entries = Object.entries(WRONG_KEYS)
    const answers = await Promise.all(entries.map(([, headers]) => predict(url, TEXT, headers)))
    const inQuery = await ask(url, { path: `/predict?key=${KEY}&api_key=${KEY}`, body: '{}' })
    const told = [...answers, inQuery]
    const asked = told.every(({ headers }) => headers['www-authenticate'] !== undefined)
    const all401 = told.every(({ status }) => status === 401)
    return verdict(all401 && asked, tally(told), '401 with WWW-Authenticate for all')
  },
  async 'a flood of 401'(service) {
    const { url } = service
    const startedAt = performance.now()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => many(() => predict(url, TEXT), FLOOD / 20)),
    )
    const good = await predict(url, TEXT, { 'x-api-key': KEY })
    const seconds = (performance.now() - startedAt) / 1000
    const lines = service.logged('request').length
    const most = Math.ceil((seconds + 2) * LINES_PER_SECOND)
    const figure = `${tally(answers.flat())}, ${lines} log lines; then ${good.status}`
    return verdict(good.status === 200 && lines <= most, figure, `200, ${most} log lines`)
  },
}

const IDS = ['a'.repeat(10_000), '"><script>', "a' OR 1=1", 'a b', '%0d%0aX-A: b', 'é'.repeat(20)]
const PATHS = [
  '/../package.json',
  '/web/../../package.json',
  '/web/%2e%2e/%2e%2e/package.json',
  '/web/..%2f..%2fpackage.json',
  '/web/..%5c..%5cpackage.json',
  '/web//etc/passwd',
  '/web/page.js%00.html',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/.git/config',
  '/.env',
  '/metrics',
  '/web/',
]

const OPEN: Record<string, Attack> = {
  async 'request ids that are none'({ url }) {
    const answers = await Promise.all(
      IDS.map((id) =>
        ask(url, { headers: { 'x-request-id': Buffer.from(id).toString('latin1') } }),
      ),
    )
    const echoed = answers.filter(({ headers }, i) => headers['x-request-id'] === IDS[i])
    return verdict(echoed.length === 0, `${echoed.length} of ${IDS.length} echoed`, 'none')
  },
  async 'line breaks for the log'(service) {
    const { url } = service
    const mark = 'forged-line'
    await ask(url, { path: `/none%0a{"event":"${mark}"}` })
    await ask(url, { headers: { 'user-agent': mark, referer: mark, 'x-request-id': `${mark} x` } })
    await predict(url, [mark])
    await ask(url, { path: '/predict', body: `{"${mark}`, method: 'POST' })
    const seen = service.output.includes(mark)
    return verdict(!seen, seen ? 'in the log' : 'not in the log', 'nothing of a caller in the log')
  },
  async 'paths out of the pages'({ url }) {
    const answers = await Promise.all(PATHS.map((path) => ask(url, { path })))
    const leaked = answers.filter(({ status }) => status !== 404 && status !== 400)
    return verdict(leaked.length === 0, tally(answers), '404 or 400 for all')
  },
  async 'another Host'({ url }) {
    const hosts = [
      'evil.example',
      'evil.example:1',
      '127.0.0.1@evil.example',
      '[::1]',
      'a'.repeat(300),
    ]
    const answers = await Promise.all(
      ['/', '/docs', '/openapi.json', '/health'].flatMap((path) =>
        hosts.map((host) => ask(url, { path, headers: { host } })),
      ),
    )
    const echoed = answers.filter(({ text, headers }) =>
      `${text}${JSON.stringify(headers)}`.includes('evil.example'),
    )
    return verdict(
      echoed.length === 0,
      `${echoed.length} answers name it, ${tally(answers)}`,
      'none',
    )
  },
  async 'an origin that is not listed'({ url }) {
    const origins = [
      'https://evil.example',
      'null',
      'https://good.example.evil.example',
      'https://goodXexample',
    ]
    const answers = await Promise.all(
      origins.flatMap((origin) => [
        ask(url, { headers: { origin } }),
        ask(url, {
          method: 'OPTIONS',
          path: '/predict',
          headers: { origin, 'access-control-request-method': 'POST' },
        }),
      ]),
    )
    const allowed = answers.filter(({ headers }) => headers['access-control-allow-origin'])
    return verdict(allowed.length === 0, `${allowed.length} of ${answers.length} allowed`, 'none')
  },
  async 'pages without protection'({ url }) {
    const headers = { accept: 'text/html' }
    const pages = await Promise.all(['/', '/docs'].map((path) => ask(url, { path, headers })))
    const safe = pages.every(
      ({ headers }) =>
        `${headers['content-security-policy']}`.includes("default-src 'self'") &&
        headers['x-content-type-options'] === 'nosniff',
    )
    return verdict(safe, safe ? 'CSP and nosniff' : 'a header is missing', 'CSP and nosniff')
  },
}

async function many(call: () => Promise<Answer>, count: number): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let i = 0; i < count; i++) answers.push(await call())
  return answers
}

/** Who a caller says to be, and what it wants to see. */
export const identity: Part = async (circumstances) => {
  const limited = { RATE_LIMIT_TEXTS_PER_MINUTE: `${LIMIT}` }
  await against(circumstances, limited, UNASKED)
  await against(circumstances, { ...limited, TRUSTED_PROXIES: '10.0.0.0/8, fd00::/8' }, UNTRUSTED)
  await against(circumstances, { ...limited, TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1' }, TRUSTED)
  await against(circumstances, { API_KEYS: digestOf(KEY) }, KEYED)
  const open = { CORS_ORIGINS: 'https://good.example', LOG_REQUESTS_PER_SECOND: '1000' }
  await against(circumstances, open, OPEN)
}
