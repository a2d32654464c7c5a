import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { DASHBOARDS, fileOf, shapeOf, toJson } from '../../observability/grafana/build.ts'
import { OBSERVABILITY } from './rules.ts'

const Kustomization = z.object({
  configMapGenerator: z.array(z.object({ files: z.array(z.string()) })),
})
const read = (file: string) => readFileSync(join(OBSERVABILITY, file), 'utf8')
const SHAPES = DASHBOARDS.map(shapeOf)
const UIDS = SHAPES.map(({ uid }) => uid)

describe.each(DASHBOARDS)('the dashboard $uid', (dashboard) => {
  const shape = shapeOf(dashboard)

  it('is up to date with `npm run dashboards`', () => {
    expect(readFileSync(fileOf(shape.uid), 'utf8')).toBe(toJson(dashboard))
  })

  it('has no panels with the same id or position', () => {
    const all = shape.panels.flatMap((panel) => [panel, ...('panels' in panel ? panel.panels : [])])
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    const cells = shape.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
  })

  it('leads to every other one, and from it back', () => {
    const links = shape.links.map(({ url = '' }) => /^\/d\/([\w-]+)$/.exec(url)?.[1] ?? [])
    expect(links.flat()).toEqual(UIDS.filter((uid) => uid !== shape.uid))
    // With the chosen time and variables.
    for (const link of shape.links.slice(0, links.flat().length)) {
      expect(link).toMatchObject({ keepTime: true, includeVars: true })
    }
  })

  it('leads to traces and logs of the data sources that are there', () => {
    const [traces, logs] = shape.links.slice(-2).map(({ url = '' }) => decodeURIComponent(url))
    expect(traces).toMatch(/"datasource":"\$\{traces\}"/)
    expect(logs).toMatch(/"datasource":"\$\{logs\}"/)
    const names = shape.templating.list.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['traces', 'logs']))
  })

  it('can be narrowed to a namespace, a pod and an instance', () => {
    const names = shape.templating.list.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['datasource', 'namespace', 'pod', 'instance']))
  })

  it('marks starts, new models, replaced threads, the circuit breaker and alerts', () => {
    const names = shape.annotations.list.map(({ name }) => name)
    expect(names).toEqual([
      'New model',
      'Start',
      'Thread replaced',
      'Circuit breaker open',
      'Alert',
    ])
  })
})

describe('the files', () => {
  it('are those of the dashboards', () => {
    const files = readdirSync(join(OBSERVABILITY, 'grafana/dashboards')).sort()
    expect(files).toEqual(UIDS.map((uid) => `${uid}.json`).sort())
  })

  it('are all in the ConfigMap of a cluster', () => {
    const { configMapGenerator } = Kustomization.parse(parse(read('grafana/kustomization.yaml')))
    const files = configMapGenerator.flatMap((map) => map.files)
    expect(files.sort()).toEqual(UIDS.map((uid) => `dashboards/${uid}.json`).sort())
  })

  it('fit into the annotation in which `kubectl apply` keeps what it has applied', () => {
    const data = Object.fromEntries(DASHBOARDS.map((one) => [`${one.uid}.json`, toJson(one)]))
    expect(Buffer.byteLength(JSON.stringify({ data }))).toBeLessThan(2 ** 18 - 2000)
  })
})

it('the home of `docker compose` is the one for who is on call', () => {
  const compose = readFileSync(join(OBSERVABILITY, '../compose.yaml'), 'utf8')
  const home = /HOME_DASHBOARD_PATH: (\S+)/.exec(compose)?.[1]
  expect(home).toBe('/etc/grafana/dashboards/polarity-on-call.json')
  expect(UIDS[0]).toBe('polarity-on-call')
})

it('all links of the runbook’s dashboard lead to a section', () => {
  const [runbook] = SHAPES.filter(({ uid }) => uid === 'polarity-runbook')
  const sections = [...JSON.stringify(runbook).matchAll(/viewPanel=panel-(\d+)/g)]
  const ids = runbook?.panels.map(({ id }) => String(id)) ?? []
  expect(sections.length).toBeGreaterThan(0)
  expect(ids).toEqual(expect.arrayContaining(sections.map(([, id]) => id)))
})
