import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { DASHBOARDS } from '../../observability/grafana/build.ts'
import { runbook as runbookDashboard } from '../../observability/grafana/runbook.ts'
import { ALERTS_FILE, toPrometheusRule, withRunbook } from '../../observability/prometheus/build.ts'
import { anchorOf, panelOf, RUNBOOK } from '../../observability/runbook-sections.ts'
import { hasPrometheus, promtool } from '../telemetry/promtool.ts'
import { ALERTS, OBSERVABILITY, RULES } from './rules.ts'

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
  it.each(ALERTS)('$alert leads to its section of the runbook', ({ alert, annotations }) => {
    const url = new URL(annotations.runbook_url ?? '')
    const section = RUNBOOK.find((each) => anchorOf(each.alert) === url.hash)
    expect(section?.alert).toBe(alert)
    expect(section?.text).toMatch(/^\*\*Means\*\* .+\*\*Look\*\* .+\*\*Do\*\*/s)
    expect(url.pathname).toBe(`/d/${runbookDashboard.uid}`)
    const panel = runbookDashboard.panels?.find(
      ({ id }) => `panel-${id}` === url.searchParams.get('viewPanel'),
    )
    expect(panel?.title).toBe(alert)
  })

  it.each(ALERTS)('$alert leads to a dashboard, of its namespace', ({ annotations }) => {
    const { dashboard_url = '' } = annotations
    const [, uid] = /^http:\/\/[^/]+\/d\/([\w-]+)/.exec(dashboard_url) ?? []
    expect(DASHBOARDS.map((dashboard) => dashboard.uid)).toContain(uid)
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

  it.each(ALERTS)('$alert says how urgent it is, and what it is about', ({ labels }) => {
    expect(labels).toEqual({
      severity: expect.stringMatching(/^(page|ticket)$/),
      service: 'polarity',
      concern: expect.stringMatching(/^[a-z]+$/),
    })
  })
})

describe('the runbook', () => {
  it('has a section for each alert, in their order, and no other', () => {
    expect(RUNBOOK.map(({ alert }) => alert)).toEqual(ALERTS.map(({ alert }) => alert))
  })

  it('has a panel of its own for each, however many there are', () => {
    expect(new Set(RUNBOOK.map(({ alert }) => panelOf(alert))).size).toBe(RUNBOOK.length)
  })

  it('is linked to as `npm run rules` writes it', () => {
    const alerts = readFileSync(ALERTS_FILE, 'utf8')
    expect(alerts).toBe(withRunbook(alerts))
  })
})

describe('the links of the alerts in a cluster', () => {
  const urlsOf = (links: { grafana: string; runbook: string }) =>
    toPrometheusRule(links).match(/https?:\/\/\S+/g) ?? []

  it('lead to the Grafana that is set, dashboards and runbook', () => {
    const urls = urlsOf({ grafana: 'https://grafana.example.com/', runbook: '' })
    expect(urls).toHaveLength(2 * ALERTS.length)
    expect(urls.every((url) => url.startsWith('https://grafana.example.com/d/polarity-'))).toBe(
      true,
    )
  })

  it('lead to a section of the runbook that is set', () => {
    const runbook = 'https://git.example.com/polarity/runbook.md'
    const urls = urlsOf({ grafana: 'https://grafana.example.com', runbook })
    expect(urls).toEqual(
      expect.arrayContaining(ALERTS.map(({ alert }) => `${runbook}${anchorOf(alert)}`)),
    )
  })
})

describe('a link of the alerts', () => {
  it.each([
    { grafana: 'grafana.example.com', runbook: '' },
    { grafana: '', runbook: '' },
    { grafana: 'https://grafana.example.com', runbook: 'runbook.md' },
  ])('is refused that leads nowhere: %o', (links) => {
    expect(() => toPrometheusRule(links)).toThrow('Invalid')
  })
})

describe('the objectives', () => {
  const constant = (record: string) => {
    const [rule] = RULES.filter((each) => each.record === record)
    return Number(/^vector\((.*)\)$/.exec(rule?.expr ?? '')?.[1])
  }
  const budgetsOf = (name: RegExp) => {
    const exprs = ALERTS.filter(({ alert }) => name.test(alert)).map(({ expr }) => expr)
    const found = exprs.flatMap((expr) => [...expr.matchAll(/> [\d.]+ \* ([\d.]+)/g)])
    return [...new Set(found.map(([, budget]) => Number(budget)))]
  }

  it('are those that the alerts have', () => {
    expect(budgetsOf(/^PolarityAvailabilityBurns/)).toEqual([
      expect.closeTo(1 - constant('objective:predict_available:ratio')),
    ])
    expect(budgetsOf(/^PolarityLatencyBurns/)).toEqual([
      expect.closeTo(1 - constant('objective:predict_fast:ratio')),
    ])
    const differs = ALERTS.find(({ alert }) => alert === 'PolaritySelfTestDiffers')
    const bound = constant('objective:polarity_self_test_difference:max')
    expect(differs?.expr).toBe(`polarity_self_test_max_difference > ${bound}`)
  })

  it('are those that slow answers are counted by', () => {
    const slow = RULES.filter(({ record }) => /predict_slow/.test(record ?? ''))
    const bounds = slow.flatMap(({ expr }) => /le="([^"]*)"/.exec(expr)?.[1] ?? [])
    expect(bounds.length).toBeGreaterThan(6)
    expect(new Set(bounds.map(Number))).toEqual(
      new Set([constant('objective:predict_duration:seconds')]),
    )
  })
})
