import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { APPLY_OPTIONS } from '../../scripts/deploy/steps.ts'
import { answerOf, hasApiServer } from './api-server.ts'
import {
  complaintsOf,
  hasManifestTools,
  parseResources,
  type Resource,
  ROOT,
  render,
  runKustomize,
} from './rendered.ts'

const FOLDER = join(ROOT, 'kustomize/overlays/prod-canary')
let known: string | undefined
const text = () => {
  known ??= runKustomize(FOLDER)
  return known
}
const named = (resources: readonly Resource[], kind: string, name: string) =>
  resources.find((one) => one.kind === kind && one.metadata.name === name)
const canary = (kind: string, name = 'polarity-canary') => named(parseResources(text()), kind, name)
const production = (kind: string, name = 'polarity') => named(render('prod'), kind, name)

const Deployment = z.object({
  spec: z.object({
    replicas: z.number().optional(),
    template: z.object({
      spec: z.looseObject({
        containers: z.tuple([
          z.looseObject({
            image: z.string(),
            env: z.array(z.looseObject({ name: z.string() })),
            envFrom: z.tuple([z.object({ configMapRef: z.object({ name: z.string() }) })]),
          }),
        ]),
      }),
    }),
  }),
})
const Route = z.looseObject({
  name: z.string(),
  route: z.array(
    z.object({
      destination: z.object({ host: z.string(), port: z.object({ number: z.number() }) }),
      weight: z.number().optional(),
    }),
  ),
})
const VirtualService = z.object({ spec: z.looseObject({ http: z.array(Route) }) })
const routesOf = (resource: unknown) => VirtualService.parse(resource).spec.http

describe.skipIf(!hasManifestTools)('a canary', () => {
  it('adds pods and what they are held to, and changes two things of production', () => {
    const names = parseResources(text()).map(({ kind, metadata }) => {
      expect(metadata.namespace).toBe('polarity')
      return `${kind} ${metadata.name.replace(/canary-[a-z\d]{10}$/, 'canary-HASH')}`
    })
    expect(names.sort()).toEqual([
      'AuthorizationPolicy polarity-canary',
      'AuthorizationPolicy polarity-internal-canary',
      'ConfigMap polarity-canary-HASH',
      'Deployment polarity-canary',
      'DestinationRule polarity-canary',
      'EnvoyFilter polarity-rate-limit-canary',
      'NetworkPolicy polarity-canary',
      'NetworkPolicy polarity-redis',
      'PeerAuthentication polarity-canary',
      'PodDisruptionBudget polarity-canary',
      'PodMonitor polarity-canary',
      'Service polarity-canary',
      'VirtualService polarity',
    ])
  })

  it('fits the schemas', () => {
    expect(complaintsOf(text())).toBe('')
  })

  it('has every object of its own select its own pods, and production none of them', () => {
    const own = parseResources(text()).filter(({ metadata }) => metadata.name.includes('canary'))
    const selected = JSON.stringify(own).match(/"app\.kubernetes\.io\/name":"[^"]*"/g) ?? []
    const others = selected.filter((label) => !label.endsWith(':"polarity-canary"'))
    // Whom its network policy lets it call.
    expect([...new Set(others)]).toEqual(['"app.kubernetes.io/name":"polarity-redis"'])
    expect(JSON.stringify(render('prod'))).not.toContain('polarity-canary')
  })

  it('runs as production does, with another image and another model', () => {
    const pods = [canary('Deployment'), production('Deployment')].map((resource) => {
      const { template } = Deployment.parse(resource).spec
      const { topologySpreadConstraints, containers, ...pod } = template.spec
      const [{ image, env, envFrom, ...container }] = containers
      return { pod, container, env: env.filter(({ name }) => name !== 'MODEL') }
    })
    expect(pods[0]).toEqual(pods[1])
    const image = (resource: unknown) =>
      Deployment.parse(resource).spec.template.spec.containers[0].image.split(':')[0]
    expect(image(canary('Deployment'))).toBe(image(production('Deployment')))
  })

  it('has the settings of production', () => {
    const settings = (resource: unknown, resources: readonly Resource[]) => {
      const [container] = Deployment.parse(resource).spec.template.spec.containers
      const map = named(resources, 'ConfigMap', container.envFrom[0].configMapRef.name)
      return z.object({ data: z.record(z.string(), z.string()) }).parse(map).data
    }
    expect(settings(canary('Deployment'), parseResources(text()))).toEqual(
      settings(production('Deployment'), render('prod')),
    )
  })

  it('has more than one pod, of which a broken one can be ejected', () => {
    expect(Deployment.parse(canary('Deployment')).spec.replicas).toBeGreaterThan(1)
  })

  it('gets a share of the predictions, and changes nothing else of a route', () => {
    const [predict, ...others] = routesOf(canary('VirtualService', 'polarity'))
    const [same, ...rest] = routesOf(production('VirtualService'))
    expect(others).toEqual(rest)
    expect({ ...predict, route: [] }).toEqual({ ...same, route: [] })
    const route = predict?.route ?? []
    const hosts = route.map(({ destination }) => destination.host)
    expect(hosts).toEqual(['polarity', 'polarity-canary'])
    expect(route.reduce((sum, { weight = 0 }) => sum + weight, 0)).toBe(100)
    const Service = z.object({ spec: z.object({ ports: z.array(z.object({ port: z.number() })) }) })
    const [port] = Service.parse(canary('Service')).spec.ports
    for (const { destination } of route) expect(destination.port.number).toBe(port?.port)
  })

  it('is held to the traffic policy of production, by its own host', () => {
    const Rule = z.object({
      spec: z.object({ host: z.string(), trafficPolicy: z.looseObject({}) }),
    })
    const rule = Rule.parse(canary('DestinationRule')).spec
    expect(rule.host).toBe('polarity-canary')
    const { trafficPolicy } = Rule.parse(production('DestinationRule')).spec
    expect(rule.trafficPolicy).toEqual(trafficPolicy)
  })
})

it.skipIf(!hasApiServer)(
  "the API server's own code takes a canary, and again after an undo",
  () => {
    expect(answerOf(text(), APPLY_OPTIONS)).toBe('')
  },
)
