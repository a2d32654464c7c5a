import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'

/** Where the Prometheus operator's form of the rules lies. */
export const RULES_FILE = join(
  import.meta.dirname,
  '../../kustomize/components/monitoring/rules.yaml',
)

/** The rules of both files as one object of the Prometheus operator, in YAML. */
export function toPrometheusRule(): string {
  const groups = ['recording.yml', 'alerts.yml'].flatMap((file) => {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8')
    return (parse(text) as { groups: unknown[] }).groups
  })
  const rule = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'polarity' },
    spec: { groups },
  }
  return `# Written by \`npm run rules\` from observability/prometheus.\n${stringify(rule)}`
}

if (import.meta.main) writeFileSync(RULES_FILE, toPrometheusRule())
