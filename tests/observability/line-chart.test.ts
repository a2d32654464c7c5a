import { describe, expect, it } from 'vitest'
import { drawLineChart, type LineChart } from '../../observability/line-chart.ts'

const chart = (changes: Partial<LineChart>) =>
  drawLineChart({ title: '', x: {}, y: {}, lines: [], width: 400, height: 300, ...changes })

/** The places of the dots. */
const dotsOf = (svg: string) =>
  [...svg.matchAll(/<circle cx="([^"]+)" cy="([^"]+)"/g)].map(([, x, y]) => [Number(x), Number(y)])

/** What is written beside the axes and in the legend. */
const textsOf = (svg: string) => [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(([, text]) => text)

describe('a chart of lines', () => {
  it('has larger values further right and further up', () => {
    const points = [
      [1, 10],
      [2, 30],
    ] as const
    const [first = [], second = []] = dotsOf(chart({ lines: [{ name: 'a', points }], dots: true }))
    expect(Number(second[0])).toBeGreaterThan(Number(first[0]))
    expect(Number(second[1])).toBeLessThan(Number(first[1]))
  })

  it('has equal distances for equal ratios on a logarithmic axis', () => {
    const points = [
      [1, 1],
      [10, 1],
      [100, 1],
    ] as const
    const log = { x: { log: true }, lines: [{ name: 'a', points }], dots: true }
    const [a = 0, b = 0, c = 0] = dotsOf(chart(log)).map(([x]) => x)
    expect(c - b).toBeCloseTo(b - a, 0)
  })

  it('leaves out what has no place on its axes', () => {
    const points = [
      [1, 1],
      [2, 0],
      [3, Number.NaN],
      [4, 10],
    ] as const
    const svg = chart({ y: { log: true }, lines: [{ name: 'a', points }], dots: true })
    expect(dotsOf(svg)).toHaveLength(2)
    expect(svg).not.toContain('NaN')
  })

  it('writes round numbers at a logarithmic axis, however short it is', () => {
    const points = [
      [110, 1],
      [190, 1],
    ] as const
    expect(textsOf(chart({ x: { log: true }, lines: [{ name: 'a', points }] }))).toContain('200')
  })

  it('escapes names', () => {
    const svg = chart({ title: 'a < b & c', lines: [{ name: '<svg>', points: [] }] })
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['a &lt; b &amp; c', '&lt;svg&gt;']))
  })
})
