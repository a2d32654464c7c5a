import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { ALERTS, OBSERVABILITY } from './rules.ts'

const ROOT = join(OBSERVABILITY, '..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const README = read('observability/README.md')

describe('what README.md says of alerts', () => {
  const found = (pattern: RegExp) => {
    const burns = ALERTS.filter(({ alert }) => alert.includes('Burns'))
    return new Set(burns.flatMap(({ expr }) => [...expr.matchAll(pattern)].map(([, it]) => it)))
  }

  it('is true of the history that they wait for', () => {
    expect(README).toContain('(5 minutes, 30 minutes, 2 or 6 hours)')
    expect(found(/offset (\w+)/g)).toEqual(new Set(['5m', '30m', '2h', '6h']))
  })

  it('is true of the requests that they wait for', () => {
    expect(README).toContain('(100, 200, 500 or 1,500)')
    expect(found(/increase\w+ >= (\d+)/g)).toEqual(new Set(['100', '200', '500', '1500']))
  })

  it('is true of what their labels are', () => {
    for (const label of Object.keys(ALERTS[0]?.labels ?? {}))
      expect(README).toContain(`\`${label}\``)
    for (const name of Object.keys(ALERTS[0]?.annotations ?? {})) {
      expect(README).toContain(`\`${name}\``)
    }
  })

  it('is true of where they lead', () => {
    expect(README).toContain('`http://localhost:3000`')
    for (const { annotations } of ALERTS) {
      expect(annotations.dashboard_url).toMatch(/^http:\/\/localhost:3000\/d\//)
    }
  })
})

describe('what README.md says of docker compose', () => {
  const Service = z.object({
    command: z.union([z.string(), z.array(z.string())]).default([]),
    ports: z.array(z.string()).default([]),
    volumes: z.array(z.string()).default([]),
  })
  const { services } = z
    .object({ services: z.record(z.string(), Service) })
    .parse(parse(read('compose.yaml')))

  it('is true of how long Prometheus keeps samples', () => {
    expect(README).toContain('`docker compose` keeps four')
    expect(services.prometheus?.command).toContain('--storage.tsdb.retention.time=4d')
  })

  it('is true of Grafana and Alertmanager', () => {
    expect(services.grafana?.ports).toEqual(['127.0.0.1:3000:3000'])
    expect(README).toContain('`http://localhost:9093`')
    expect(services.alertmanager?.ports).toEqual(['127.0.0.1:9093:9093'])
    expect(services.alertmanager?.volumes.join()).toContain('./observability/alertmanager.yml:')
    const prometheus = parse(read('observability/prometheus/prometheus.yml'))
    expect(JSON.stringify(prometheus.alerting)).toContain('"alertmanager:9093"')
  })
})
