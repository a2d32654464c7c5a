import { type Metric, type OpenMetricsContentType, Registry } from 'prom-client'

interface Scrape {
  readonly contentType: string
  readonly body: string
}

/**
 * All series: OpenMetrics with exemplars if `accept` asks for it, else the Prometheus text format.
 */
export async function scrape(registry: Registry, accept = ''): Promise<Scrape> {
  if (!accept.includes('application/openmetrics-text')) {
    return { contentType: registry.contentType, body: await registry.metrics() }
  }
  const openMetrics = new Registry<OpenMetricsContentType>()
  openMetrics.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  for (const { name } of registry.getMetricsAsArray()) {
    const metric = registry.getSingleMetric(name)
    if (metric) openMetrics.registerMetric(renamed(metric))
  }
  return { contentType: openMetrics.contentType, body: await openMetrics.metrics() }
}

/**
 * A copy: prom-client renames counters for OpenMetrics in place, which would change the other
 * format.
 */
const renamed = (metric: Metric): Metric => Object.create(metric)
