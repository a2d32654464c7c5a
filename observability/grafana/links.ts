import {
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { variable } from './queries.ts'

/** The dashboards in the order in which an incident asks for them, by their uids. */
const TITLES: Readonly<Record<string, string>> = {
  'polarity-on-call': 'On call',
  'polarity-service': 'Service',
  'polarity-model': 'Model',
  'polarity-cache': 'Cache',
  'polarity-runbook': 'Runbook',
}

/** Beside the title: the builder's default is a menu that hides it. */
class VisibleLinkBuilder extends DashboardLinkBuilder {
  override build(): DashboardLink {
    const { placement: _, ...link } = super.build()
    return link
  }
}

const link = (title: string, url: string) =>
  new VisibleLinkBuilder(title).type(DashboardLinkType.Link).url(url)

/** An address of Explore: one query of the data source that a variable names. */
function explore(source: string, query: Record<string, string>): string {
  const pane = {
    datasource: variable(source),
    queries: [{ refId: 'A', ...query }],
    range: { from: variable('__from'), to: variable('__to') },
  }
  const encoded = encodeURIComponent(JSON.stringify({ polarity: pane }))
  const panes = encoded.replaceAll(/%24%7B(\w+)%7D/g, (_, name: string) => variable(name))
  return `/explore?schemaVersion=1&panes=${panes}`
}

/** From each dashboard to all others, with the chosen time and variables, and to traces and logs. */
export const linksFrom = (uid: string) => [
  ...Object.entries(TITLES)
    .filter(([other]) => other !== uid)
    .map(([other, title]) => link(title, `/d/${other}`).includeVars(true).keepTime(true)),
  link(
    'Traces',
    explore('traces', { queryType: 'traceql', query: '{resource.service.name="polarity"}' }),
  ),
  link('Logs', explore('logs', { expr: '{service_name="polarity"}' })),
]
