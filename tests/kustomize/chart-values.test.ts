import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CHART, hasHelm, helm, IMAGE, template } from './helm.ts'
import { parseResources, type Resource } from './rendered.ts'

const find = (text: string, kind: string, name = 'polarity'): Resource | undefined =>
  parseResources(text).find((each) => each.kind === kind && each.metadata.name === name)

describe.skipIf(!hasHelm)('a value of the chart', () => {
  it('names the image by tag, and by digest', () => {
    const digest = `sha256:${'0a'.repeat(32)}`
    const images = [[], [`image.digest=${digest}`]].map((values) => {
      const [, image] = /image: (.*)/.exec(template(...values)) ?? []
      return image
    })
    expect(images).toEqual([IMAGE, `registry.example/polarity@${digest}`])
  })

  it('is a setting of the service, and restarts its pods', () => {
    const texts = ['LOG_LEVEL=info', 'LOG_LEVEL=warn'].map((each) => template(`config.${each}`))
    const data = texts.map(
      (text) => z.looseObject({ data: z.unknown() }).parse(find(text, 'ConfigMap')).data,
    )
    expect(data[1]).toMatchObject({ LOG_LEVEL: 'warn', PORT: '8000' })
    const [before, after] = texts.map((text) => /checksum\/config: (.*)/.exec(text)?.[1])
    expect(before).not.toBe(after)
  })

  it('is a number as it was written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'polarity-values-'))
    try {
      const file = join(folder, 'values.yaml')
      writeFileSync(file, 'config: { CACHE_MEMORY_BYTES: 67108864 }')
      const { stdout } = helm('template', 'polarity', CHART, '--values', file)
      expect(stdout).toContain('CACHE_MEMORY_BYTES: "67108864"')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is refused where it asks for more pods than at most', () => {
    const { status, output } = helm(
      ...['template', 'polarity', CHART, '--set', 'autoscaling.minReplicas=11'],
    )
    expect(status).not.toBe(0)
    expect(output).toContain('autoscaling.minReplicas is more than')
  })

  it.each([
    ['autoscaling.maxReplicas=7', 'HorizontalPodAutoscaler', { minReplicas: 2, maxReplicas: 7 }],
    [
      'autoscaling.maxReplicas=7,keda.enabled=true',
      'ScaledObject',
      { minReplicaCount: 2, maxReplicaCount: 7 },
    ],
    [
      'autoscaling.maxReplicas=7,kedaHttp.enabled=true',
      'ScaledObject',
      { minReplicaCount: 0, maxReplicaCount: 7 },
    ],
    ['autoscaling.enabled=false,replicas=3', 'Deployment', { replicas: 3 }],
  ])('%s reaches the %s', (value, kind, spec) => {
    expect(find(template(value), kind)).toMatchObject({ spec })
  })

  it('takes the autoscaler away', () => {
    expect(find(template('autoscaling.enabled=false'), 'HorizontalPodAutoscaler')).toBeUndefined()
  })

  it('is the host, and where Istio is', () => {
    const text = template(
      ...['istio.enabled=true', 'networkPolicy.enabled=true', 'host=a.example', 'istio.gateway=in'],
      ...['istio.ingressNamespace=istio-ingress', 'istio.systemNamespace=istio-system'],
    )
    expect(text).not.toContain('aks-istio')
    expect(text).not.toContain('polarity.example.com')
    expect(find(text, 'Gateway')).toMatchObject({ spec: { selector: { istio: 'in' } } })
    expect(find(text, 'Certificate')?.metadata.namespace).toBe('istio-ingress')
  })

  it.each([
    ['redis.enable=true', 'additional properties'],
    ['config.LOG_LEVLE=warn', 'LOG_LEVLE'],
    ['config.PORT=9000', 'PORT'],
    ['image.digest=sha256:0', 'does not match pattern'],
    ['host=a b', 'does not match pattern'],
    ['monitoring.grafanaUrl=grafana', 'does not match pattern'],
    ['autoscaling.minReplicas=none', 'integer'],
    ['image.repository=registry.example/polarity:1', 'does not match pattern'],
    ['image.repository=Registry/polarity', 'does not match pattern'],
    ['image.tag=a b', 'does not match pattern'],
    ['resources.limits.cpu=two', 'does not match pattern'],
    ['autoscaling.minReplicas=0', 'minimum'],
    ['istio.enabled=yes', 'boolean'],
    ['keda=null', "missing property 'keda'"],
    ['extraEnv[0].value=a', "missing property 'name'"],
  ])('is refused as %s', (value, says) => {
    const { status, output } = helm('template', 'polarity', CHART, '--set', value)
    expect(status).not.toBe(0)
    expect(output).toContain("don't meet the specifications of the schema")
    expect(output).toContain(says)
  })

  it.each([
    ['redis', 'azureRedis'],
    ['keda', 'kedaHttp'],
    ['queueDepth', 'keda'],
    ['queueDepth', 'kedaHttp'],
    ['istio', 'kedaHttp'],
  ])('turns on %s or %s, not both', (one, other) => {
    const values = `${one}.enabled=true,${other}.enabled=true`
    const { status, output } = helm('template', 'polarity', CHART, '--set', values)
    expect(status).not.toBe(0)
    expect(output).toContain(`${one}.enabled and ${other}.enabled exclude each other`)
  })

  it('is where alerts lead', () => {
    const urlsOf = (...values: string[]) =>
      template('monitoring.enabled=true', ...values).match(/(?<=_url: ["']?)https?:\/\/\S+/g) ?? []
    const grafana = 'https://example.com/grafana'
    const inGrafana = urlsOf(`monitoring.grafanaUrl=${grafana}/`)
    expect(inGrafana.length).toBeGreaterThan(20)
    expect(inGrafana.every((url) => url.startsWith(`${grafana}/d/polarity-`))).toBe(true)
    const runbook = 'https://git.example.com/runbook.md'
    const both = urlsOf(`monitoring.grafanaUrl=${grafana}`, `monitoring.runbookUrl=${runbook}`)
    expect(both).toEqual(inGrafana.map((url) => url.replace(/^.*(?=#)/, runbook)))
  })
})
