import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { toPrometheusRule } from '../../observability/prometheus/build.ts'
import { hasPrometheus, promtool } from '../telemetry/promtool.ts'
import { ALERTS, OBSERVABILITY } from './rules.ts'

const PROMETHEUS = join(OBSERVABILITY, 'prometheus')
const CASES = readdirSync(join(PROMETHEUS, 'tests')).map((file) => join(PROMETHEUS, 'tests', file))

const Cases = z.object({
  tests: z.array(
    z.object({
      alert_rule_test: z
        .array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()).default([]) }))
        .default([]),
      promql_expr_test: z
        .array(
          z.object({
            expr: z.string(),
            exp_samples: z.array(z.object({ labels: z.string() })).default([]),
          }),
        )
        .default([]),
    }),
  ),
})

const tests = CASES.flatMap((file) => Cases.parse(parse(readFileSync(file, 'utf8'))).tests)
const single = tests.flatMap((test) => test.alert_rule_test)
/** The alerts that fire at some time; alerts that are not listed do not fire. */
const together = tests
  .flatMap((test) => test.promql_expr_test)
  .filter(({ expr }) => expr.startsWith('ALERTS'))

function asksFor(expr: string, alert: string): boolean {
  const [, names] = /alertname=~?"([^"]*)"/.exec(expr) ?? []
  return names === undefined || new RegExp(`^(${names})$`).test(alert)
}

/** Days of samples take promtool forty seconds where nothing else runs. */
const SLOW_RULES_MS = 300_000

describe.skipIf(!hasPrometheus)('promtool finds no errors', () => {
  it('in the rules', () => {
    const files = ['recording.yml', 'alerts.yml'].map((file) => join(PROMETHEUS, file))
    expect(promtool(['check', 'rules', ...files])).toBe('')
  })

  it.each(CASES)('in the rule tests of %s', { timeout: SLOW_RULES_MS }, (file) => {
    expect(promtool(['test', 'rules', file])).toBe('')
  })

  it('in the configuration', () => {
    expect(promtool(['check', 'config', '--syntax-only', join(PROMETHEUS, 'prometheus.yml')])).toBe(
      '',
    )
  })
})

describe('the rules as one object', () => {
  const Rule = z.object({ spec: z.object({ groups: z.array(z.object({ name: z.string() })) }) })

  it('have no group twice, which Prometheus and the API server refuse', () => {
    const names = Rule.parse(parse(toPrometheusRule())).spec.groups.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)])
  })
})

describe('each alert', () => {
  const runbook = readFileSync(join(OBSERVABILITY, 'runbook.md'), 'utf8')

  it.each(ALERTS.map(({ alert }) => alert))('%s has a section in the runbook', (alert) => {
    expect(runbook).toMatch(new RegExp(`^#+ ${alert}$`, 'm'))
  })

  it.each(ALERTS.map(({ alert }) => alert))('%s is tested firing', (alert) => {
    const cases = single.filter(({ alertname }) => alertname === alert)
    expect(cases.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true)
  })

  it.each(ALERTS.map(({ alert }) => alert))('%s is tested silent', (alert) => {
    const silentAlone = single.some(
      ({ alertname, exp_alerts }) => alertname === alert && exp_alerts.length === 0,
    )
    const silentAmongAll = together.some(
      ({ expr, exp_samples }) =>
        asksFor(expr, alert) && exp_samples.every(({ labels }) => !labels.includes(`"${alert}"`)),
    )
    expect(silentAlone || silentAmongAll).toBe(true)
  })

  it.each(ALERTS)(
    '$alert says how urgent it is and where to read on',
    ({ alert, labels, annotations }) => {
      expect(labels.severity).toMatch(/^(page|ticket)$/)
      expect(annotations.runbook).toBe(`observability/runbook.md#${alert.toLowerCase()}`)
    },
  )
})
