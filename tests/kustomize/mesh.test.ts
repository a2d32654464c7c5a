import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { loadConfig } from '../../app/config.ts'
import { loadPages } from '../../app/http/pages.ts'
import { createTestApp } from '../fakes.ts'
import { find, hasManifestTools, render } from './rendered.ts'

const VIRTUAL_SERVICE = join(
  import.meta.dirname,
  '../../kustomize/components/istio/virtual-service.yaml',
)
const config = loadConfig({})
const seconds = z
  .string()
  .regex(/^\d+s$/)
  .transform(Number.parseFloat)
const Match = z.strictObject({
  uri: z.union([z.strictObject({ exact: z.string() }), z.strictObject({ prefix: z.string() })]),
  method: z.strictObject({ exact: z.string() }).optional(),
})
const Route = z.object({
  match: z.array(Match),
  route: z.array(
    z.object({
      destination: z.object({ host: z.string(), port: z.object({ number: z.number() }) }),
    }),
  ),
  timeout: seconds,
  retries: z.object({ attempts: z.number(), retryOn: z.string() }),
  headers: z.object({ response: z.object({ set: z.record(z.string(), z.string()) }) }),
})
const VirtualService = z.object({
  spec: z.object({ hosts: z.array(z.string()), http: z.array(Route) }),
})
const routes = () => find('prod', 'VirtualService', { shape: VirtualService }).spec.http
const leads = ({ uri }: z.infer<typeof Match>, path: string) =>
  'exact' in uri ? path === uri.exact : path.startsWith(uri.prefix)

const Policy = z.object({
  spec: z.object({
    action: z.enum(['ALLOW', 'DENY']),
    rules: z.array(
      z.object({
        from: z.array(z.unknown()).optional(),
        to: z.array(
          z.object({
            operation: z.object({
              ports: z.array(z.string()).optional(),
              paths: z.array(z.string()).optional(),
            }),
          }),
        ),
      }),
    ),
  }),
})

describe('the routes of the gateway', () => {
  /** As the file says them, which needs no tool. */
  const written = VirtualService.parse(parse(readFileSync(VIRTUAL_SERVICE, 'utf8'))).spec.http

  it('tell browsers to come by TLS, for this name alone', () => {
    for (const { headers } of written) {
      expect(headers.response.set['strict-transport-security']).toBe('max-age=31536000')
    }
  })

  it('lead to every public route but the probes, and to nothing else', async () => {
    const app = createTestApp({ pages: await loadPages() })
    const served = app.routes.filter(({ path }) => !path.includes('*')).map(({ path }) => path)
    const matches = written.flatMap(({ match }) => match)
    const closed = served.filter((path) => !matches.some((match) => leads(match, path)))
    expect(new Set(closed)).toEqual(new Set(['/livez', '/readyz']))
    const idle = matches.filter((match) => !served.some((path) => leads(match, path)))
    expect(idle).toEqual([])
  })

  it('give predictions their own, whatever their dialect', () => {
    const [predict, ...others] = written
    const paths = ['/predict', '/', '/v1/models/m:predict', '/v2/models/m/infer']
    const posts = (route: (typeof written)[number], path: string) =>
      route.match.some((match) => match.method?.exact !== 'GET' && leads(match, path))
    expect(paths.filter((path) => !predict || !posts(predict, path))).toEqual([])
    expect(others.some((route) => posts(route, '/v2/models/m/infer'))).toBe(false)
  })

  it.skipIf(!hasManifestTools)('are the same in production', () => {
    expect(routes()).toEqual(written)
  })
})

describe.skipIf(!hasManifestTools)('the gateway', () => {
  it('leads to a port of the service', () => {
    const shape = z.object({ spec: z.object({ ports: z.array(z.object({ port: z.number() })) }) })
    const [only] = find('prod', 'Service', { shape }).spec.ports
    for (const { route } of routes()) {
      expect(route.map(({ destination }) => destination)).toEqual([
        { host: 'polarity', port: { number: only?.port } },
      ])
    }
  })

  it('waits for longer than a prediction may take', () => {
    const predict = routes().find(({ match }) => match.some((one) => leads(one, '/predict')))
    expect(predict?.timeout).toBeGreaterThan(config.REQUEST_TIMEOUT_SECONDS)
  })

  it('retries only requests that did not reach the model', () => {
    const safe = ['connect-failure', 'refused-stream', 'reset-before-request', '503']
    for (const { retries } of routes()) {
      expect(retries.retryOn.split(',').filter((on) => !safe.includes(on))).toEqual([])
    }
  })

  it('sends plain HTTP to HTTPS, and has the certificate of its host', () => {
    const shape = z.object({
      spec: z.object({
        servers: z.array(
          z.object({
            port: z.object({ protocol: z.string() }),
            hosts: z.array(z.string()),
            tls: z.object({
              httpsRedirect: z.boolean().optional(),
              credentialName: z.string().optional(),
            }),
          }),
        ),
      }),
    })
    const { servers } = find('prod', 'Gateway', { shape }).spec
    const Certificate = z.object({
      metadata: z.object({ namespace: z.string() }),
      spec: z.object({ secretName: z.string(), dnsNames: z.array(z.string()) }),
    })
    const { metadata, spec } = find('prod', 'Certificate', { shape: Certificate })
    const { hosts } = find('prod', 'VirtualService', { shape: VirtualService }).spec
    const tls = servers.find(({ port }) => port.protocol === 'HTTPS')
    expect(tls).toMatchObject({ hosts, tls: { credentialName: spec.secretName } })
    expect(spec.dnsNames).toEqual(hosts)
    expect(metadata.namespace).toBe('aks-istio-ingress')
    const plain = servers.find(({ port }) => port.protocol === 'HTTP')
    expect(plain).toMatchObject({ hosts, tls: { httpsRedirect: true } })
  })
})

describe.skipIf(!hasManifestTools)('the mesh', () => {
  const policy = (name: string) => find('prod', 'AuthorizationPolicy', { shape: Policy, name }).spec

  it('keeps the internal port and metrics from the gateway', () => {
    const { action, rules } = policy('polarity-internal')
    expect(action).toBe('DENY')
    expect(rules.flatMap(({ to }) => to.map(({ operation }) => operation))).toEqual([
      { ports: [`${config.INTERNAL_PORT}`] },
      { paths: ['/metrics'] },
    ])
  })

  it('lets nobody but the gateway to the public port', () => {
    const { action, rules } = policy('polarity')
    expect(action).toBe('ALLOW')
    const open = rules.filter(({ from }) => from === undefined).flatMap(({ to }) => to)
    expect(open).toEqual([{ operation: { ports: [`${config.INTERNAL_PORT}`] } }])
    const guarded = rules.filter(({ from }) => from !== undefined).flatMap(({ to }) => to)
    expect(guarded).toEqual([{ operation: { ports: [`${config.PORT}`] } }])
  })

  it('speaks mutual TLS, but for what Prometheus asks', () => {
    const shape = z.object({
      spec: z.object({
        mtls: z.object({ mode: z.string() }),
        portLevelMtls: z.record(z.string(), z.object({ mode: z.string() })),
      }),
    })
    const { mtls, portLevelMtls } = find('prod', 'PeerAuthentication', { shape }).spec
    expect(mtls.mode).toBe('STRICT')
    expect(Object.keys(portLevelMtls)).toEqual([`${config.INTERNAL_PORT}`])
  })

  it('limits the rate on the public port', () => {
    const filters = render('prod').filter(({ kind }) => kind === 'EnvoyFilter')
    expect(JSON.stringify(filters)).toContain(`"portNumber":${config.PORT}`)
  })

  it('is scraped under the name that rules and dashboards look for', () => {
    const shape = z.object({
      spec: z.object({
        jobLabel: z.undefined().optional(),
        podMetricsEndpoints: z.array(z.object({ port: z.string(), path: z.string() })),
      }),
    })
    const { podMetricsEndpoints } = find('prod', 'PodMonitor', { shape }).spec
    expect(podMetricsEndpoints).toEqual([{ port: 'internal', path: '/metrics' }])
  })
})
