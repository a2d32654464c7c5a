import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { cache } from './cache.ts'
import { model } from './model.ts'
import { onCall } from './on-call.ts'
import { runbook } from './runbook.ts'
import { service } from './service.ts'
import { DashboardShape } from './shape.ts'

/** All dashboards, the home first. */
export const DASHBOARDS: readonly Dashboard[] = [onCall, service, model, cache, runbook]

/** Those that show series: the others have text alone. */
export const PICTURED = DASHBOARDS.filter((one) => one !== runbook)

/** The JSON file of a dashboard, which Grafana reads. */
export const fileOf = (uid: string) => join(import.meta.dirname, `dashboards/${uid}.json`)

/** Barely indented: all of them are in one ConfigMap. */
export const toJson = (dashboard: Dashboard) => `${JSON.stringify(dashboard, null, 1)}\n`

/** As its JSON says, for those who read it. */
export const shapeOf = (dashboard: Dashboard) => DashboardShape.parse(JSON.parse(toJson(dashboard)))

if (import.meta.main) {
  for (const one of DASHBOARDS) writeFileSync(fileOf(one.uid ?? ''), toJson(one))
}
