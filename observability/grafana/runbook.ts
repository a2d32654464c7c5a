import { PanelBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text'
import { anchorOf, panelOf, RUNBOOK } from '../runbook-sections.ts'
import { dashboard, row } from './dashboard.ts'

const HEIGHT = 9

/** Links to another section become links to its panel; links to other documents have no place here. */
const withLinks = (text: string): string =>
  text.replaceAll(/\[([^\]]+)\]\(([^)]+)\)/g, (_, words: string, target: string) => {
    const section = RUNBOOK.find(({ alert }) => anchorOf(alert) === target)
    return section ? `[${words}](?viewPanel=panel-${panelOf(section.alert)})` : words
  })

const toPanel = ({ alert, text }: (typeof RUNBOOK)[number]) =>
  new PanelBuilder()
    .id(panelOf(alert))
    .title(alert)
    .span(24)
    .height(HEIGHT)
    .mode(TextMode.Markdown)
    .content(withLinks(text))

/** The runbook as a dashboard, a panel for each section, so that an alert's link works wherever Grafana does. */
export const runbook = dashboard({
  uid: 'polarity-runbook',
  title: 'Polarity: runbook',
  description: 'What each alert means, where to look, what to do.',
  rows: [row('By alert', RUNBOOK.map(toPanel))],
})
