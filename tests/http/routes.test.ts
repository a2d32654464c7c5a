import { describe, expect, it } from 'vitest'
import type { Health } from '../../app/health.ts'
import { createInternalApp } from '../../app/http/internal.ts'
import { loadPages } from '../../app/http/pages.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { createTestApp, healthIn, LABELS } from '../fakes.ts'

const metrics = createMetrics(LABELS)
const draining = healthIn('draining')
const BROWSER = { headers: { accept: 'text/html,*/*;q=0.8' } }

describe('the public port', () => {
  it('is healthy', async () => {
    const response = await createTestApp().request('/health')
    expect(await response.text()).toBe('{"status":"healthy"}')
  })

  it('answers HEAD as it answers GET', async () => {
    expect((await createTestApp().request('/health', { method: 'HEAD' })).status).toBe(200)
  })

  it('describes the model and its limits', async () => {
    const info = await (await createTestApp().request('/info')).json()
    expect(info).toMatchObject({ model: { labels: LABELS, digest: '0123456789abcdef'.repeat(4) } })
  })

  it('finds its routes by the fast router, which refuses some that look alike', async () => {
    const app = createTestApp()
    await app.request('/health')
    expect(app.router.name).toContain('RegExpRouter')
  })

  it('has no metrics', async () => {
    expect((await createTestApp().request('/metrics')).status).toBe(404)
  })

  it.each(['/health', '/nowhere'])(
    'closes connections while it drains, also at %s',
    async (path) => {
      const response = await createTestApp({ health: draining }).request(path)
      expect(response.headers.get('connection')).toBe('close')
    },
  )
})

describe('the request id', () => {
  const apps = {
    public: createTestApp(),
    internal: createInternalApp(healthIn('serving'), metrics),
  }

  it.each([
    ['public', 'GET', '/health', 200],
    ['public', 'HEAD', '/info', 200],
    ['public', 'GET', '/openapi.json', 200],
    ['public', 'GET', '/nowhere', 404],
    ['public', 'PUT', '/predict', 405],
    ['public', 'POST', '/predict', 400],
    ['internal', 'GET', '/metrics', 200],
    ['internal', 'GET', '/nowhere', 404],
  ] as const)(
    'comes back on the %s port from %s %s (%i)',
    async (...[port, method, path, status]) => {
      const response = await apps[port].request(path, {
        method,
        headers: { 'x-request-id': 'mine' },
      })
      expect([response.status, response.headers.get('x-request-id')]).toEqual([status, 'mine'])
    },
  )
})

describe.each([
  ['public', (health: Health) => createTestApp({ health })],
  ['internal', (health: Health) => createInternalApp(health, metrics)],
])('the probes of the %s port', (_, open) => {
  it('say ready', async () => {
    expect((await open(healthIn('serving')).request('/readyz')).status).toBe(200)
  })

  it('say not ready before the model is warm', async () => {
    expect((await open(healthIn('starting')).request('/readyz')).status).toBe(503)
  })

  it('say not ready while every worker is being replaced', async () => {
    const health = healthIn('serving')
    health.workers = { warm: 0, leaving: 0 }
    expect((await open(health).request('/readyz')).status).toBe(503)
  })

  it('say not alive while at least as many workers hang as are warm', async () => {
    const health = healthIn('serving')
    health.workers = { warm: 1, leaving: 1 }
    expect((await open(health).request('/livez')).status).toBe(503)
  })

  it('say not ready while it drains, with Retry-After', async () => {
    const response = await open(draining).request('/readyz')
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await response.json()).toMatchObject({ code: 'not_ready' })
  })

  it.each(['starting', 'draining'] as const)('say alive while it is %s', async (phase) => {
    expect((await open(healthIn(phase)).request('/livez')).status).toBe(200)
  })
})

describe('the pages', () => {
  it.each([
    ['/', 'text/html'],
    ['/docs', 'text/html'],
    ['/model', 'text/html'],
    ['/web/page.js', 'text/javascript'],
    ['/web/page.css', 'text/css'],
    ['/web/docs.js', 'text/javascript'],
    ['/web/swagger-ui.css', 'text/css'],
    ['/web/swagger-ui-bundle.js', 'text/javascript'],
  ])('serve %s as %s', async (path, type) => {
    const response = await createTestApp({ pages: await loadPages() }).request(path, BROWSER)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain(type)
  })

  it('may load from and connect to this service only', async () => {
    const response = await createTestApp({ pages: await loadPages() }).request('/', BROWSER)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
  })
})
