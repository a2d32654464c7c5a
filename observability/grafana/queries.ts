import { DASHBOARDS } from './build.ts'
import { type PanelSpec, RATE } from './dashboard.ts'

export interface PanelQuery {
  readonly dashboard: string
  readonly panel: PanelSpec
  readonly legend: string
  /** PromQL as Grafana sends it for all namespaces and pods. */
  readonly query: string
}

/** The queries of all panels, for a Prometheus that scrapes every second. */
export const QUERIES: readonly PanelQuery[] = DASHBOARDS.flatMap(({ uid, rows }) =>
  Object.values(rows)
    .flat()
    .flatMap((panel) =>
      Object.entries(panel.queries).map(([legend, query]) => ({
        dashboard: uid,
        panel,
        legend,
        query: query.replaceAll(RATE, '15s').replaceAll(/\$(namespace|pod)/g, '.*'),
      })),
    ),
)
