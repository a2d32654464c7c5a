import type { Health } from '../health.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { scrape } from '../telemetry/scrape.ts'
import { finished } from './finished.ts'
import { addProbes } from './probes.ts'
import { requestId } from './request-id.ts'
import { createRouter, refuseOtherMethods } from './router.ts'

/** Metrics and probes for the platform, on a port that no gateway exposes. */
export function createInternalApp(health: Health, { registry }: Metrics) {
  const app = createRouter()
  app.use(requestId, finished())
  app.get('/metrics', async (c) => {
    const { body, contentType } = await scrape(registry, c.req.header('accept'))
    return c.text(body, 200, { 'content-type': contentType })
  })
  addProbes(app, health)
  refuseOtherMethods(app)
  return app
}
