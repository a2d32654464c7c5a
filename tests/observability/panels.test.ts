import { describe, expect, it } from 'vitest'
import { DASHBOARDS, shapeOf } from '../../observability/grafana/build.ts'
import { panelsOf } from '../../observability/grafana/shape.ts'

const SHAPES = DASHBOARDS.map(shapeOf)
const UIDS = SHAPES.map(({ uid }) => uid)
const PANELS = SHAPES.flatMap((shape) =>
  panelsOf(shape).map((panel) => ({ ...panel, name: `${shape.uid}, ${panel.title}` })),
)
const ASKING = PANELS.filter(({ type }) => type !== 'text')
const HEATMAPS = PANELS.filter(({ type }) => type === 'heatmap')

/** Histograms of single requests, which link to traces. */
const LINKED =
  /http_request_duration_seconds_bucket|stage_duration_seconds_bucket\{stage="(cache|queue)"/

describe.each(PANELS)('the panel $name', ({ options, description, type }) => {
  it('has options: Grafana takes a panel without for one of an old kind', () => {
    expect(Object.keys(options)).not.toEqual([])
  })

  it('has a line of help', () => {
    if (type === 'text' && description === '') return
    expect(description).toMatch(/^\S[^\n]*[.?]$/)
  })
})

describe.each(ASKING)('the panel $name', ({ targets, fieldConfig }) => {
  it('has a unit', () => {
    expect(fieldConfig.defaults.unit).toMatch(/\S/)
  })

  it('asks something', () => {
    expect(targets).not.toEqual([])
  })

  it('links single requests to their traces', () => {
    const linked = targets.filter(({ expr }) => LINKED.test(expr))
    expect(linked.filter(({ exemplar }) => !exemplar)).toEqual([])
  })
})

describe.each(HEATMAPS)('the heatmap $name', ({ targets, options }) => {
  it('draws the buckets as Prometheus has them, with a unit', () => {
    expect(options).toMatchObject({
      calculate: false,
      color: { mode: 'scheme' },
      yAxis: { unit: expect.stringMatching(/\S/) },
    })
    expect(targets.map(({ format }) => format)).toEqual(['heatmap'])
  })
})

it('every link between dashboards leads to one that there is', () => {
  const links = [...JSON.stringify(SHAPES).matchAll(/\/d\/([\w-]+)/g)].map(([, uid = '']) => uid)
  expect(links.length).toBeGreaterThan(20)
  expect(links.filter((uid) => !UIDS.includes(uid))).toEqual([])
})

it('no panel asks for what most have not before its row is opened', () => {
  const open = SHAPES.flatMap(({ panels }) => panels).filter((panel) => !('panels' in panel))
  const asked = open.flatMap(({ targets }) => targets).map(({ expr }) => expr)
  expect(asked.filter((expr) => /istio_|shadow/.test(expr))).toEqual([])
})
