import { describe, expect, it } from 'vitest'
import type { PanelData } from '../../observability/drawing/data.ts'
import { drawHeatmap } from '../../observability/drawing/heatmap.ts'
import { drawMarkdown } from '../../observability/drawing/markdown.ts'
import { colourFor, drawStat } from '../../observability/drawing/stat.ts'
import { drawTable } from '../../observability/drawing/table.ts'
import { drawTimeseries } from '../../observability/drawing/timeseries.ts'
import { drawTrace } from '../../observability/drawing/trace.ts'
import { format } from '../../observability/drawing/units.ts'
import type { PanelShape } from '../../observability/grafana/shape.ts'

/** 12:00:00 UTC. */
const NOON = 1_700_049_600
const FRAME = { width: 400, height: 200, start: NOON, end: NOON + 60, marks: [] }

const panelOf = (
  type: string,
  defaults: PanelShape['fieldConfig']['defaults'],
  options = {},
): PanelShape => ({
  id: 1,
  type,
  title: '',
  description: '',
  gridPos: { x: 0, y: 0, w: 8, h: 8 },
  targets: [],
  options,
  fieldConfig: { defaults, overrides: [] },
  links: [],
})

const dataOf = (...lines: { name: string; points: [number, number][] }[]): PanelData => ({
  lines: lines.map((line) => ({ ...line, refId: 'A', labels: { le: line.name } })),
  exemplars: [],
})

const textsOf = (svg: string) =>
  [...svg.matchAll(/>([^<>]+)<\/t(?:ext|span)>/g)].map(([, text]) => text)

describe('a value is written as Grafana does', () => {
  it.each([
    [0.0005, 's', '500 µs'],
    [0.25, 's', '250 ms'],
    [90, 's', '1.5 min'],
    [0, 's', '0 s'],
    [0.9991, 'percentunit', '99.9%'],
    [0.005, 'percentunit', '0.5%'],
    [3 * 2 ** 20, 'bytes', '3 MiB'],
    [1234, 'short', '1.23 K'],
    [12.34, 'reqps', '12.3 req/s'],
    [2, 'suffix:threads', '2 threads'],
  ])('%f as %s', (value, unit, written) => {
    expect(format(value, unit)).toBe(written)
  })

  it('with as many decimals as the panel asks for', () => {
    expect(format(0.9991, 'percentunit', 2)).toBe('99.91%')
  })
})

describe('lines over time', () => {
  const thresholds = {
    steps: [
      { color: 'green', value: null },
      { color: 'red', value: 2 },
    ],
  }
  const panel = panelOf('timeseries', {
    unit: 's',
    min: 0,
    thresholds,
    custom: { fillOpacity: 0, thresholdsStyle: { mode: 'dashed' } },
  })
  const svg = drawTimeseries(
    panel,
    dataOf({
      name: 'p99',
      points: [
        [NOON, 1],
        [NOON + 30, 4],
      ],
    }),
    FRAME,
  )

  it('have times of day, units and a legend', () => {
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['12:00:30', '2 s', 'p99']))
  })

  it('have a dashed line at the threshold', () => {
    expect(svg).toMatch(/stroke="#f2495c"[^>]*stroke-dasharray/)
  })

  it('are open where nothing was measured', () => {
    // A gap of half a minute: two parts of one point each.
    expect(svg.match(/d="M[\d.]+ [\d.]+" fill="none"/g)).toHaveLength(2)
  })

  it('that are stacked reach up to their sum', () => {
    const stacked = panelOf('timeseries', {
      custom: { fillOpacity: 40, stacking: { mode: 'normal' } },
    })
    const points = (value: number): [number, number][] => [
      [NOON, value],
      [NOON + 1, value],
    ]
    const data = dataOf({ name: 'a', points: points(60) }, { name: 'b', points: points(40) })
    expect(textsOf(drawTimeseries(stacked, data, FRAME))).toContain('100')
  })
})

describe('a heatmap', () => {
  const panel = panelOf('heatmap', {}, { yAxis: { unit: 's' } })
  const bucket = (le: string, count: number) => ({
    name: le,
    points: [[NOON, count]] as [number, number][],
  })

  it('has a cell for each bucket that something is in, without those that lie below', () => {
    const data = dataOf(bucket('0.1', 3), bucket('0.25', 3), bucket('0.5', 8), bucket('+Inf', 8))
    const svg = drawHeatmap(panel, data, FRAME)
    expect(svg.match(/z(?=M|")/g)).toHaveLength(2)
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['100 ms', '500 ms', '0 to 5']))
    expect(textsOf(svg)).not.toContain('+Inf')
  })
})

describe('a single value', () => {
  const thresholds = {
    steps: [
      { color: 'red', value: null },
      { color: 'green', value: 0.999 },
    ],
  }

  it.each([
    [0.998, '#f2495c'],
    [0.999, '#73bf69'],
  ])('%f has the colour of the step that it has reached', (value, colour) => {
    expect(colourFor({ thresholds }, value)).toBe(colour)
  })

  it('is the last one', () => {
    const panel = panelOf('stat', { unit: 'percentunit', decimals: 1, thresholds })
    const data = dataOf({
      name: 'a',
      points: [
        [NOON, 0.5],
        [NOON + 1, 1],
      ],
    })
    expect(textsOf(drawStat(panel, data, FRAME))).toEqual(['100.0%'])
  })
})

describe('the list of alerts', () => {
  const panel = panelOf('table', { noValue: 'No alert' })

  it('says how long each has been there', () => {
    const labels = { alertname: 'PolarityAbsent', severity: 'page', alertstate: 'firing' }
    const since: [number, number][] = [[NOON + 60, (NOON - 60) * 1000]]
    const line = { name: '', refId: 'A', labels, points: since }
    const texts = textsOf(drawTable(panel, { lines: [line], exemplars: [] }, FRAME))
    expect(texts.slice(-4)).toEqual(['PolarityAbsent', 'page', 'firing', '2 min ago'])
  })

  it('says so where there is none', () => {
    expect(textsOf(drawTable(panel, dataOf(), FRAME))).toEqual(['No alert'])
  })
})

it('a text has its strong words, code and links, and nothing of their marks', () => {
  const content = '- **Slow**: `npm run x`, [model](/d/polarity-model)'
  const words = textsOf(drawMarkdown(panelOf('text', {}, { content }), dataOf(), FRAME))
  expect(words.join('').replaceAll(/\s+/g, ' ')).toBe('•Slow: npm run x, model')
})

it('a trace has the duration of each span, beside or before its bar', () => {
  const spans = [
    { name: 'POST /predict', depth: 0, start: 0, end: 0.02, facts: '' },
    { name: 'batch', depth: 1, start: 0.015, end: 0.02, facts: 'texts 2' },
  ]
  const texts = textsOf(drawTrace('title', 'id', spans))
  expect(texts).toEqual(expect.arrayContaining(['POST /predict', '20 ms', '5 ms · texts 2']))
})
