import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { loadConfig } from '../../app/config.ts'
import { createInternalApp } from '../../app/http/internal.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { healthIn, LABELS } from '../fakes.ts'
import { azureComplaints, hasAzureSchema } from './azure-schema.ts'

const ROOT = join(import.meta.dirname, '../..')
const FILE = join(ROOT, 'serverless/container-apps.yaml')

const Probe = z.object({
  type: z.string(),
  httpGet: z.object({ path: z.string(), port: z.number() }),
  // The limits that Azure documents for a probe.
  periodSeconds: z.number().min(1).max(240),
  timeoutSeconds: z.number().min(1).max(240),
  failureThreshold: z.number().min(1).max(10),
})
const Env = z.object({ name: z.string(), value: z.string() })
const ContainerApp = z.object({
  properties: z.object({
    configuration: z.object({
      ingress: z.object({ targetPort: z.number(), allowInsecure: z.literal(false) }),
      // In the vault alone.
      secrets: z.array(
        z.strictObject({ name: z.string(), keyVaultUrl: z.url(), identity: z.string() }),
      ),
    }),
    template: z.object({
      terminationGracePeriodSeconds: z.number().max(600),
      containers: z.tuple([
        z.object({
          env: z.array(Env),
          resources: z.object({ cpu: z.number(), memory: z.string() }),
          probes: z.array(Probe),
          volumeMounts: z.array(z.object({ volumeName: z.string(), mountPath: z.string() })),
        }),
      ]),
      volumes: z.tuple([
        z.object({
          name: z.string(),
          secrets: z.tuple([z.object({ secretRef: z.string(), path: z.string() })]),
        }),
      ]),
      scale: z.object({ minReplicas: z.number(), maxReplicas: z.number().max(1000) }),
    }),
  }),
})
const Kustomization = z.object({
  configMapGenerator: z.tuple([z.object({ literals: z.array(z.string()) })]),
})

const text = readFileSync(FILE, 'utf8')
const { configuration, template } = ContainerApp.parse(parse(text)).properties
const [container] = template.containers
const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]))
const config = loadConfig(env)

/** The resource, without what the command line adds. */
function resourceOf(yaml: string): unknown {
  const { name, type, ...resource } = z.looseObject({}).parse(parse(yaml))
  expect({ name, type }).toEqual({ name: 'polarity', type: 'Microsoft.App/containerApps' })
  return resource
}

describe.skipIf(!hasAzureSchema)("Azure's own client", () => {
  it('knows every field of the Container App', async () => {
    expect(await azureComplaints(resourceOf(text), 'ContainerApp')).toEqual([])
  })

  it.each([
    ['targetPort:', 'targetport:', '.properties.configuration.ingress.targetport: unknown'],
    ['memory: 4Gi', 'memory: 4', '.properties.template.containers[0].resources.memory: not a'],
    ['volumeName: api-keys', 'volume: api-keys', 'volumeMounts[0].volume: unknown'],
    ['location: westeurope', '', '.location: missing'],
    ['minReplicas: 0', 'minReplicas: "0"', '.properties.template.scale.minReplicas: not a Number'],
    ['environmentId:', 'provisioningState:', '.properties.provisioningState: read only'],
  ])('refuses %s as %s', async (right, wrong, says) => {
    expect(text).toContain(right)
    const complaints = await azureComplaints(resourceOf(text.replace(right, wrong)), 'ContainerApp')
    expect(complaints.join('\n')).toContain(says)
  })
})

describe('the Container App', () => {
  it('has the settings of the cluster, and the key file', () => {
    const base = parse(readFileSync(join(ROOT, 'kustomize/base/kustomization.yaml'), 'utf8'))
    const [{ literals }] = Kustomization.parse(base).configMapGenerator
    const { API_KEYS_FILE, ...others } = env
    // The first = alone ends a name.
    const settings = literals.map((literal) => literal.split(/=(.*)/).slice(0, 2))
    expect(others).toEqual(Object.fromEntries(settings))
    const [volume] = template.volumes
    expect(container.volumeMounts).toEqual([
      { volumeName: volume.name, mountPath: '/etc/polarity' },
    ])
    expect(API_KEYS_FILE).toBe(`/etc/polarity/${volume.secrets[0].path}`)
    expect(configuration.secrets.map(({ name }) => name)).toEqual([volume.secrets[0].secretRef])
  })

  it('shows the public port, and probes the internal one', () => {
    const internal = createInternalApp(healthIn('serving'), createMetrics(LABELS))
    const routes = internal.routes.map(({ path }) => path)
    expect(configuration.ingress.targetPort).toBe(config.PORT)
    expect(container.probes.map(({ type }) => type)).toEqual(['Startup', 'Readiness', 'Liveness'])
    for (const { httpGet } of container.probes) {
      expect(httpGet.port).toBe(config.INTERNAL_PORT)
      expect(routes).toContain(httpGet.path)
    }
  })

  it('is given the time to end', () => {
    expect(template.terminationGracePeriodSeconds).toBeGreaterThan(
      config.DRAIN_SECONDS + config.SHUTDOWN_TIMEOUT_SECONDS,
    )
  })

  it('has cores and memory that the consumption plan has: at most four, and twice as many gibibytes', () => {
    const { cpu, memory } = container.resources
    expect(cpu % 0.25).toBe(0)
    expect(cpu).toBeLessThanOrEqual(4)
    expect(memory).toBe(`${2 * cpu}Gi`)
  })

  it('runs nothing for nobody', () => {
    expect(template.scale.minReplicas).toBe(0)
  })
})
