/** Label matchers of the service's own series. */
export const SELF = 'namespace=~"$namespace",pod=~"$pod",instance=~"$instance"'

/** Label matchers of requests for predictions, in whatever dialect, as the recording rules have them. */
export const PREDICTIONS =
  'method="POST",route=~"/(predict|v1/.+|v2/.+/infer|inference.+/ModelInfer)?"'

/** The same where the method is not known: `GET /` is a page. */
export const PREDICTION_ROUTES = 'route=~"/(predict|v1/.+|v2/.+/infer|inference.+/ModelInfer)"'

/** The range of every `rate()`; Grafana picks one that covers a few scrapes. */
export const RATE = '$__rate_interval'

/** A rule's series, which counts all replicas of a namespace and knows none of them. */
export const recorded = (series: string, labels = ''): string =>
  `${series}{namespace=~"$namespace"${labels && `,${labels}`}}`

export const rate = (series: string, labels = SELF): string => `rate(${series}{${labels}}[${RATE}])`

/** A quantile of a histogram, by these labels. */
export const quantile = (q: number, buckets: string, by = 'le'): string =>
  `histogram_quantile(${q}, sum by (${by}) (${buckets}))`

/** The legend of a series of one replica; outside Kubernetes there is no pod. */
export const REPLICA = '{{pod}} {{instance}}'

/** A query for each percentile, by its name. */
export const percentiles = (
  list: readonly number[],
  query: (q: number) => string,
): Record<string, string> => Object.fromEntries(list.map((q) => [`p${q * 100}`, query(q)]))

/** What Grafana fills in when it shows a link. */
export const variable = (name: string): string => `\${${name}}`
