import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DASHBOARDS, fileOf, runbookJson, toJson } from '../../observability/grafana/build.ts'
import { toDashboard } from '../../observability/grafana/dashboard.ts'

describe.each(DASHBOARDS)('the dashboard $uid', (spec) => {
  const { panels = [] } = toDashboard(spec)

  it('is up to date with `npm run dashboards`', () => {
    expect(readFileSync(fileOf(spec.uid), 'utf8')).toBe(toJson(spec))
  })

  it('has a line of help, a unit and a query in each panel', () => {
    for (const panels of Object.values(spec.rows)) {
      for (const { help, unit, queries } of panels) {
        expect(help).toMatch(/^\S[^\n]*[.?]$/)
        expect(unit).not.toBe('')
        expect(Object.keys(queries).length).toBeGreaterThan(0)
      }
    }
  })

  it('has no panels with the same id or position', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos = { x: 0, y: 0, w: 0, h: 0 } }) => {
      const { x, y, w, h } = gridPos
      return Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`)
    })
    expect(new Set(cells).size).toBe(cells.length)
  })
})

it('the runbook’s dashboard is up to date with `npm run dashboards`, and all its links lead somewhere', () => {
  expect(readFileSync(fileOf('polarity-runbook'), 'utf8')).toBe(runbookJson())
  const panels = [...runbookJson().matchAll(/viewPanel=(panel-\d+)/g)].map(([, panel]) => panel)
  const ids = [...runbookJson().matchAll(/"id": (\d+)/g)].map(([, id]) => `panel-${id}`)
  expect(panels.length).toBeGreaterThan(0)
  expect(ids).toEqual(expect.arrayContaining(panels))
})
