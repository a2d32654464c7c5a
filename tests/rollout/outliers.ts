import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const RULE = join(import.meta.dirname, '../../kustomize/components/istio/destination-rule.yaml')

const DestinationRule = z.object({
  spec: z.object({
    trafficPolicy: z.object({
      outlierDetection: z.strictObject({
        splitExternalLocalOriginErrors: z.literal(true),
        consecutiveLocalOriginFailures: z.number(),
        consecutive5xxErrors: z.number(),
        interval: z.string(),
        baseEjectionTime: z.string(),
        maxEjectionPercent: z.number(),
        minHealthPercent: z.number(),
      }),
    }),
  }),
})

/** What Istio makes of the mesh's own rule, as fields of an Envoy cluster. */
export function outlierFields() {
  const { spec } = DestinationRule.parse(parse(readFileSync(RULE, 'utf8')))
  const rule = spec.trafficPolicy.outlierDetection
  return {
    outlier_detection: {
      split_external_local_origin_errors: rule.splitExternalLocalOriginErrors,
      consecutive_local_origin_failure: rule.consecutiveLocalOriginFailures,
      enforcing_consecutive_local_origin_failure: 100,
      consecutive_5xx: rule.consecutive5xxErrors,
      enforcing_consecutive_5xx: 100,
      interval: rule.interval,
      base_ejection_time: rule.baseEjectionTime,
      max_ejection_percent: rule.maxEjectionPercent,
      // Istio turns both off.
      enforcing_success_rate: 0,
      enforcing_local_origin_success_rate: 0,
    },
    common_lb_config: { healthy_panic_threshold: { value: rule.minHealthPercent } },
  }
}
