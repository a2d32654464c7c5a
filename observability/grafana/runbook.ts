import type { Dashboard, Panel } from '@grafana/schema'
import { anchorOf, panelOf, RUNBOOK } from '../runbook-sections.ts'

const HEIGHT = 9

/** The runbook as a dashboard, a panel for each section, so that an alert's link works wherever Grafana does. */
export function toRunbook(): Dashboard {
  return {
    uid: 'polarity-runbook',
    title: 'Polarity: runbook',
    description: 'What each alert means, where to look, what to do.',
    tags: ['polarity'],
    editable: false,
    schemaVersion: 41,
    links: [],
    panels: RUNBOOK.map(toPanel),
  }
}

const toPanel = ({ alert, text }: (typeof RUNBOOK)[number], row: number): Panel => ({
  type: 'text',
  id: panelOf(alert),
  title: alert,
  gridPos: { x: 0, y: row * HEIGHT, w: 24, h: HEIGHT },
  fieldConfig: { defaults: {}, overrides: [] },
  options: { mode: 'markdown', content: withLinks(text) },
})

/** Links to another section become links to its panel; links to other documents have no place here. */
const withLinks = (text: string): string =>
  text.replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, (_, words: string, target: string) => {
    const section = RUNBOOK.find(({ alert }) => anchorOf(alert) === target)
    return section ? `[${words}](?viewPanel=panel-${panelOf(section.alert)})` : words
  })
