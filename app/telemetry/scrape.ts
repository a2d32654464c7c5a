import { type Metric, type OpenMetricsContentType, Registry } from 'prom-client'

interface Scrape {
  readonly contentType: string
  readonly body: string
}

/** All series: as OpenMetrics, with exemplars, to a client that asks for it, else in Prometheus' own text format. */
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

/** prom-client renames a counter for OpenMetrics in place, and the other format would lose its name. */
const renamed = (metric: Metric): Metric => Object.create(metric)
