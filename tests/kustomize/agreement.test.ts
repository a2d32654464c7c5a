import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { CONFIG_NAMES, loadConfig } from '../../app/config.ts'
import { createInternalApp } from '../../app/http/internal.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { RULES_FILE, toPrometheusRule } from '../../observability/prometheus/build.ts'
import { healthIn, LABELS } from '../fakes.ts'
import { find, hasManifestTools, OVERLAYS, type Overlay, render } from './rendered.ts'
import { workloadsOf } from './workloads.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const overlays = Object.keys(OVERLAYS) as Overlay[]

/** The service's own pod, with the configuration that it starts with. */
function service(overlay: Overlay) {
  const workload = workloadsOf(overlay).find(({ name }) => name === 'polarity')
  const [container] = workload?.containers ?? []
  if (!workload || !container) throw new Error(`no service in ${overlay}`)
  const maps = container.envFrom.map(({ configMapRef }) => configMapRef.name)
  const shape = z.object({ data: z.record(z.string(), z.string()) })
  const data = maps.map((name) => find(overlay, 'ConfigMap', { shape, name }).data)
  const own = container.env.flatMap(({ name, value }) => (value ? [[name, value]] : []))
  const env: Record<string, string> = Object.assign({}, ...data, Object.fromEntries(own))
  const port = (name: string) => container.ports.find((p) => p.name === name)?.containerPort
  return { pod: workload.pod, container, env, config: loadConfig(env), port }
}

describe.skipIf(!hasManifestTools).each(overlays)('the service in %s', (overlay) => {
  it('is configured by names that it reads', () => {
    const secrets = ['REDIS_PASSWORD']
    const forLibc = ['GLIBC_TUNABLES']
    const { env, container } = service(overlay)
    const names = [...Object.keys(env), ...container.env.map(({ name }) => name)]
    expect(
      names.filter((name) => ![...CONFIG_NAMES, ...secrets, ...forLibc].includes(name)),
    ).toEqual([])
  })

  it('has the ports that it listens on', () => {
    const { config, port } = service(overlay)
    expect(port('http')).toBe(config.PORT)
    expect(port('internal')).toBe(config.INTERNAL_PORT)
    expect(port('grpc')).toBe(config.GRPC_PORT)
  })

  it('is probed on its own routes', () => {
    const { container } = service(overlay)
    const internal = createInternalApp(healthIn('serving'), createMetrics(LABELS))
    const routes = internal.routes.map(({ path }) => path)
    const { startupProbe, readinessProbe, livenessProbe } = container
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
      expect(probe.httpGet?.port).toBe('internal')
      expect(routes).toContain(probe.httpGet?.path)
    }
    expect(livenessProbe.httpGet?.path).toBe('/livez')
  })

  it('is given the time to finish its longest request', () => {
    const { pod, container, config } = service(overlay)
    const preStop = container.lifecycle?.preStop.sleep.seconds ?? 0
    const { DRAIN_SECONDS, SHUTDOWN_TIMEOUT_SECONDS, REQUEST_TIMEOUT_SECONDS } = config
    expect(SHUTDOWN_TIMEOUT_SECONDS).toBeGreaterThanOrEqual(REQUEST_TIMEOUT_SECONDS)
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(
      preStop + DRAIN_SECONDS + SHUTDOWN_TIMEOUT_SECONDS,
    )
  })

  it('drains for longer than a failed readiness probe may go unnoticed', () => {
    const { container, config } = service(overlay)
    const { periodSeconds, failureThreshold } = container.readinessProbe
    expect(config.DRAIN_SECONDS).toBeGreaterThan(periodSeconds * failureThreshold)
  })

  it('is the user of its image', () => {
    const { pod } = service(overlay)
    expect(read('Containerfile')).toContain(`USER ${pod.securityContext.runAsUser}:`)
  })
})

describe.skipIf(!hasManifestTools)('one truth for', () => {
  it('the rules: the operator has what Prometheus reads', () => {
    expect(readFileSync(RULES_FILE, 'utf8')).toBe(toPrometheusRule())
  })

  it('the dashboards: the cluster has every one of them', () => {
    const shape = z.object({ data: z.record(z.string(), z.string()) })
    const { data } = find('prod', 'ConfigMap', { shape, name: 'polarity-dashboards' })
    const files = readdirSync(join(ROOT, 'observability/grafana/dashboards'))
    expect(Object.keys(data)).toEqual(files.toSorted())
    for (const file of files) {
      expect(data[file]).toBe(read(`observability/grafana/dashboards/${file}`))
    }
  })

  it('the images beside it: the cluster and compose run the same', () => {
    const { services } = parse(read('compose.yaml')) as {
      services: Record<string, { image: string }>
    }
    const redis = workloadsOf('prod').find(({ name }) => name === 'polarity-redis')
    const images = redis?.containers.map(({ image }) => image)
    expect(images).toEqual([services.redis?.image, services['redis-exporter']?.image])
  })

  it('the memory of Redis: half for keys, half for clients', () => {
    const redis = workloadsOf('prod').find(({ name }) => name === 'polarity-redis')
    const [, maxmemory] = /maxmemory (\d+)mb/.exec(JSON.stringify(render('prod'))) ?? []
    expect(redis?.containers[0]?.resources.limits.memory).toBe(`${2 * Number(maxmemory)}Mi`)
  })

  it('the number of pods in production', () => {
    const shape = z.object({ spec: z.object({ minReplicas: z.number(), maxReplicas: z.number() }) })
    const { spec } = find('prod', 'HorizontalPodAutoscaler', { shape })
    expect(spec).toEqual({ minReplicas: 3, maxReplicas: 40 })
  })
})
