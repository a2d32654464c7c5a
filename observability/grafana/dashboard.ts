import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  RowBuilder,
  type RowPanel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { annotations } from './annotations.ts'
import { linksFrom } from './links.ts'
import { variables } from './variables.ts'

interface Row {
  readonly title: string
  readonly panels: readonly Builder<Panel>[]
  /** Its panels ask nothing before it is opened. */
  readonly folded: boolean
}

interface DashboardSpec {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly rows: readonly Row[]
}

export const row = (title: string, panels: Row['panels'], { folded = false } = {}): Row => ({
  title,
  panels,
  folded,
})

/** A dashboard in Grafana's JSON model, with ids for its panels. */
export function dashboard({ uid, title, description, rows }: DashboardSpec): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['polarity'])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh('10s')
    .time({ from: 'now-1h', to: 'now' })
    .variables(variables())
    .annotations(annotations())
    .links(linksFrom(uid))
  for (const each of rows) addRow(builder, each)
  const built = builder.build()
  const panels = (built.panels ?? []).flatMap((panel) => [panel, ...foldedIn(panel)])
  for (const [i, panel] of panels.entries()) panel.id ||= i + 1
  return built
}

function addRow(builder: DashboardBuilder, { title, panels, folded }: Row): void {
  const row = new RowBuilder(title).collapsed(folded)
  if (folded) for (const panel of panels) row.withPanel(panel)
  builder.withRow(row)
  if (!folded) for (const panel of panels) builder.withPanel(panel)
}

const foldedIn = (panel: Panel | RowPanel): Panel[] => ('panels' in panel ? panel.panels : [])
