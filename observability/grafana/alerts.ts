import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import * as table from '@grafana/grafana-foundation-sdk/table'
import * as text from '@grafana/grafana-foundation-sdk/text'
import { panelOf, RUNBOOK } from '../runbook-sections.ts'
import { DATASOURCE } from './panels.ts'
import { variable } from './queries.ts'

interface Size {
  readonly width: number
  readonly height: number
}

/** An alert for a whole service has no namespace. */
const CHOSEN = 'service="polarity",namespace=~"|$namespace"'

/** Prometheus keeps the time at which an alert became active as a series of its own. */
const since = `max by (alertname, severity, alertstate) (ALERTS{${CHOSEN}} * ignoring (alertstate) group_left () ALERTS_FOR_STATE{${CHOSEN}}) * 1000`

/** The name once more, in a column that nobody sees: it becomes the number of the runbook's panel. */
const SINCE = `label_replace(${since}, "section", "$1", "alertname", "(.*)")`

/** The alerts that fire or are about to, and since when. */
export const alerts = ({ width, height }: Size): table.PanelBuilder =>
  new table.PanelBuilder()
    .title('Alerts')
    .description(
      'Those that fire, and those that will unless it gets better (pending). A name leads to its section of the runbook.',
    )
    .datasource(DATASOURCE)
    .span(width)
    .height(height)
    .unit('dateTimeFromNow')
    .noValue('No alert')
    .withTarget(
      new DataqueryBuilder()
        .refId('A')
        .datasource(DATASOURCE)
        .expr(SINCE)
        .format(PromQueryFormat.Table)
        .instant(),
    )
    .showHeader(true)
    .withTransformation(COLUMNS)
    .overrideByName('Alert', [{ id: 'links', value: [SECTION_LINK] }])
    .overrideByName('section', [
      { id: 'mappings', value: [SECTIONS] },
      // By both names that this option has had.
      { id: 'custom.hidden', value: true },
      { id: 'custom.hideFrom', value: { viz: true, legend: true, tooltip: true } },
    ])
    .overrideByName('State', [
      { id: 'custom.cellOptions', value: { type: 'color-text' } },
      { id: 'mappings', value: [STATES] },
    ])

const COLUMNS = {
  id: 'organize',
  options: {
    excludeByName: { Time: true },
    indexByName: { alertname: 0, severity: 1, alertstate: 2, Value: 3 },
    renameByName: {
      alertname: 'Alert',
      severity: 'Severity',
      alertstate: 'State',
      Value: 'Since',
    },
  },
}

const SECTIONS = {
  type: 'value',
  options: Object.fromEntries(
    RUNBOOK.map(({ alert }) => [alert, { text: `panel-${panelOf(alert)}` }]),
  ),
}

const SECTION_LINK = {
  title: 'What to do',
  url: `/d/polarity-runbook?viewPanel=${variable('__data.fields.section')}`,
}

const STATES = {
  type: 'value',
  options: {
    firing: { color: 'red', text: 'firing' },
    pending: { color: 'orange', text: 'pending' },
  },
}

const STEPS = `
- **An alert**: its name leads to the [runbook](/d/polarity-runbook)
- **Stage queue, or 429**: more replicas or CPU, [model](/d/polarity-model)
- **Stage cache, or fewer hits**: Redis, [cache](/d/polarity-cache)
- **One key sends it all**: its rate limit, [service](/d/polarity-service)
- **Since a start**: roll back, \`npm run deploy -- --rollback TAG\`
- **None of these**: a slow request's trace, a diamond in [latency](/d/polarity-service)
`.trim()

/** Where to go from here. */
export const firstSteps = ({ width, height }: Size): text.PanelBuilder =>
  new text.PanelBuilder()
    .title('What do I do?')
    .description('The first steps; the runbook has the rest.')
    .span(width)
    .height(height)
    .mode(text.TextMode.Markdown)
    .content(STEPS)
