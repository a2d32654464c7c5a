import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DATASOURCE } from './panels.ts'

/** A choice of several of a label's values. “All” also matches series without the label. */
const labelValues = (name: string, matchers: string) =>
  new QueryVariableBuilder(name)
    .datasource(DATASOURCE)
    .query(`label_values(polarity_model_info${matchers}, ${name})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: 'All', value: '$__all' })

/** For links to Explore alone, where there is such a data source. */
const hidden = (name: string, type: string) =>
  new DatasourceVariableBuilder(name).type(type).hide(VariableHide.HideVariable)

export const variables = () => [
  new DatasourceVariableBuilder('datasource').type('prometheus'),
  labelValues('namespace', ''),
  labelValues('pod', '{namespace=~"$namespace"}'),
  labelValues('instance', '{namespace=~"$namespace",pod=~"$pod"}'),
  hidden('traces', 'tempo'),
  hidden('logs', 'loki'),
]
