import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dashboard } from '@grafana/schema'
import { cache } from './cache.ts'
import { toDashboard } from './dashboard.ts'
import { model } from './model.ts'
import { toRunbook } from './runbook.ts'
import { service } from './service.ts'

/** All dashboards. */
export const DASHBOARDS = [service, model, cache]

/** The JSON file of a dashboard, which Grafana reads. */
export const fileOf = (uid: string) => join(import.meta.dirname, `dashboards/${uid}.json`)

export const toJson = (spec: (typeof DASHBOARDS)[number]) => jsonOf(toDashboard(spec))

export const runbookJson = () => jsonOf(toRunbook())

const jsonOf = (dashboard: Dashboard) => `${JSON.stringify(dashboard, null, 2)}\n`

if (import.meta.main) {
  for (const spec of DASHBOARDS) writeFileSync(fileOf(spec.uid), toJson(spec))
  writeFileSync(fileOf(toRunbook().uid ?? ''), runbookJson())
}
