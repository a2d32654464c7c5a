import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { hasPrometheus, promtool } from '../telemetry/promtool.ts'
import { ALERTS, OBSERVABILITY } from './rules.ts'

const PROMETHEUS = join(OBSERVABILITY, 'prometheus')
const CASES = readdirSync(join(PROMETHEUS, 'tests')).map((file) => join(PROMETHEUS, 'tests', file))

const AlertCase = z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()).default([]) })
const Cases = z.object({
  tests: z.array(z.object({ alert_rule_test: z.array(AlertCase).default([]) })),
})

/** What a file for promtool expects of alerts. */
const alertCases = (file: string) =>
  Cases.parse(parse(readFileSync(file, 'utf8'))).tests.flatMap((test) => test.alert_rule_test)

describe.skipIf(!hasPrometheus)('promtool finds nothing wrong', () => {
  it('with the rules', () => {
    const files = ['recording.yml', 'alerts.yml'].map((file) => join(PROMETHEUS, file))
    expect(promtool(['check', 'rules', ...files])).toBe('')
  })

  it.each(CASES)('when it plays %s', (file) => {
    expect(promtool(['test', 'rules', file])).toBe('')
  })

  it('with the configuration', () => {
    expect(promtool(['check', 'config', '--syntax-only', join(PROMETHEUS, 'prometheus.yml')])).toBe(
      '',
    )
  })
})

describe('each alert', () => {
  const runbook = readFileSync(join(OBSERVABILITY, 'runbook.md'), 'utf8')

  it.each(ALERTS.map(({ alert }) => alert))('%s has its place in the runbook', (alert) => {
    expect(runbook).toMatch(new RegExp(`^#+ ${alert}$`, 'm'))
  })

  it.each(ALERTS.map(({ alert }) => alert))('%s is tested firing and not firing', (alert) => {
    const expected = CASES.flatMap(alertCases).filter(({ alertname }) => alertname === alert)
    const firing = expected.filter(({ exp_alerts }) => exp_alerts.length > 0)
    expect(firing.length).toBeGreaterThan(0)
    expect(expected.length).toBeGreaterThan(firing.length)
  })

  it.each(ALERTS)(
    '$alert says how urgent it is and where to read on',
    ({ alert, labels, annotations }) => {
      expect(labels.severity).toMatch(/^(page|ticket)$/)
      expect(annotations.runbook).toBe(`observability/runbook.md#${alert.toLowerCase()}`)
    },
  )
})
