import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CLIENTS } from '../../harness/scene-load.ts'
import { shapeOf } from '../../observability/grafana/build.ts'
import { onCall } from '../../observability/grafana/on-call.ts'
import { isRow, type PanelShape } from '../../observability/grafana/shape.ts'
import { panelOf, RUNBOOK } from '../../observability/runbook-sections.ts'
import { ALERTS, OBSERVABILITY } from './rules.ts'

const readme = readFileSync(join(OBSERVABILITY, 'README.md'), 'utf8')
const { panels } = shapeOf(onCall)
const asking = panels.filter((panel) => !isRow(panel))
const [alerts] = asking

/** The questions of the table, with the panels that answer them. */
const ANSWERS = [...readme.matchAll(/^\| ([^|]+\?) \| (.*) \|$/gm)].map(
  ([, question, cell = '']) => ({
    question,
    titles: [...cell.matchAll(/"([^"]+)"/g)].map(([, title]) => title),
  }),
)

const valueOfOverride = ({ fieldConfig }: PanelShape, field: string, property: string) =>
  fieldConfig.overrides
    .filter(({ matcher }) => matcher.options === field)
    .flatMap(({ properties }) => properties)
    .find(({ id }) => id === property)?.value

describe('the dashboard for who is on call', () => {
  it('answers six questions, each by the panels that the README names', () => {
    expect(ANSWERS).toHaveLength(6)
    expect(ANSWERS.flatMap(({ titles }) => titles).sort()).toEqual(
      asking.map(({ title }) => title).sort(),
    )
  })

  it('asks them in its own words too', () => {
    const words = panels.map(({ title }) => title).join(' ')
    const questions = ANSWERS.map(({ question = '' }) => question)
    expect(questions.filter((question) => !words.includes(question))).toEqual([])
  })

  it('is one screen', () => {
    const rows = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h))
    expect(rows).toBeLessThanOrEqual(25)
  })

  it('leads on from every panel that looks for a cause', () => {
    const causes = asking.filter(({ gridPos }) => gridPos.y > 12)
    expect(causes.length).toBe(8)
    expect(causes.filter(({ links }) => links.length === 0)).toEqual([])
  })

  it('leads from an alert’s name to its section of the runbook', () => {
    const [link] = JSON.parse(JSON.stringify(alerts && valueOfOverride(alerts, 'Alert', 'links')))
    expect(link.url).toMatch(/^\/d\/polarity-runbook\?viewPanel=\$\{__data\.fields\.section\}$/)
    const mappings = JSON.stringify(alerts && valueOfOverride(alerts, 'section', 'mappings'))
    for (const { alert } of ALERTS) expect(mappings).toContain(`"${alert}":{"text":"panel-`)
    for (const { alert } of RUNBOOK) expect(mappings).toContain(`panel-${panelOf(alert)}"`)
  })

  it('says so where there is no alert', () => {
    expect(alerts?.fieldConfig.defaults.noValue).toBe('No alert')
  })
})

it('the load of the pictures has as many clients and keys as the README says', () => {
  expect(readme).toContain('six clients with three API keys')
  expect([CLIENTS.length, new Set(CLIENTS).size]).toEqual([6, 3])
})
