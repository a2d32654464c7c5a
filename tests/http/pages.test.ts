import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { loadPages } from '../../app/http/pages.ts'
import { createTestApp } from '../fakes.ts'

const WEB = join(import.meta.dirname, '../../app/web')
const app = createTestApp({ pages: await loadPages() })
const get = (path: string, headers: Record<string, string> = {}) =>
  app.request(path, { headers: { accept: 'text/html', ...headers } })
const policyOf = async (path: string) =>
  (await get(path)).headers.get('content-security-policy') ?? ''

/** What a page names, and what that names: all that a browser loads of it. */
async function assetsOf(path: string, found = new Set<string>()): Promise<Set<string>> {
  if (found.has(path)) return found
  found.add(path)
  const body = await (await get(path)).text()
  const names = [
    ...body.matchAll(/(?:src|href|from)[= ]["'](?<name>\/web\/[\w.-]+|\.\/[\w.-]+\.js)["']/g),
  ]
  for (const { groups } of names) {
    await assetsOf((groups?.name ?? '').replace(/^\.\//, '/web/'), found)
  }
  return found
}

const sent = async (path: string) => {
  const response = await get(path, { 'accept-encoding': 'br' })
  return (await response.arrayBuffer()).byteLength
}

describe('the page at /', () => {
  it('weighs at most 60 kB with all that it loads, as sent', async () => {
    const assets = await assetsOf('/')
    expect(assets.size).toBeGreaterThan(20)
    const sizes = await Promise.all([...assets].map(sent))
    expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(60_000)
  })

  it('loads every module at once, not one after the other', async () => {
    const assets = [...(await assetsOf('/'))].filter((name) => name.endsWith('.js'))
    const body = await (await get('/')).text()
    const missing = assets.filter((name) => !body.includes(`"${name}"`))
    expect(missing).toEqual([])
  })

  it('names nothing of another origin', async () => {
    for (const path of await assetsOf('/')) {
      const body = (await (await get(path)).text()).replaceAll('http://www.w3.org/2000/svg', '')
      expect(body).not.toMatch(/https?:\/\//)
    }
  })

  it.each(['/', '/model', '/web/page.js'])(
    'runs nothing inline, and makes no HTML: %s',
    async (path) => {
      const policy = await policyOf(path)
      expect(policy).toContain("default-src 'self'")
      expect(policy).toContain("require-trusted-types-for 'script'")
      expect(policy).not.toMatch(/unsafe|data:|\*/)
    },
  )

  it.each(['/', '/docs', '/model'])(
    'has no script or style of its own within it: %s',
    async (path) => {
      const body = await (await get(path)).text()
      expect(body).not.toMatch(/<style|<script(?![^>]*src=)|\son\w+=|style="/)
    },
  )

  it('never sets HTML', () => {
    for (const name of readdirSync(WEB).filter((file) => file.endsWith('.js'))) {
      const source = readFileSync(join(WEB, name), 'utf8')
      expect(source).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b/)
    }
  })

  it('has a field for a key, with a label, that shows no key', async () => {
    const body = await (await get('/')).text()
    expect(body).toContain('<label for="key">')
    expect(body).toMatch(/<input id="key" type="password" autocomplete="off"/)
  })
})

describe('an asset', () => {
  it('is compressed, kept, and the same for HEAD', async () => {
    const path = '/web/page.js'
    const whole = await get(path, { 'accept-encoding': 'br' })
    expect(whole.headers.get('content-encoding')).toBe('br')
    const bytes = Buffer.from(await whole.arrayBuffer())
    expect(String(brotliDecompressSync(bytes))).toBe(readFileSync(join(WEB, 'page.js'), 'utf8'))
    const again = await get(path, { 'if-none-match': whole.headers.get('etag') ?? '' })
    expect(again.status).toBe(304)
    const head = await app.request(path, { method: 'HEAD', headers: { 'accept-encoding': 'br' } })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)])
  })

  it('is of one route with all others, which metrics count by', () => {
    const paths = new Set(app.routes.map(({ path }) => path))
    expect([...paths].filter((path) => path.startsWith('/web/'))).toEqual(['/web/:name'])
  })

  it('is a file for browsers, no other of the folder', async () => {
    expect((await get('/web/tsconfig.json')).status).toBe(404)
    expect((await get('/web/..%2Fconfig.ts')).status).toBe(404)
  })
})
