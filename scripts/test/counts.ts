export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/**
 * Counts the tests of a JUnit XML report from the totals of its root element; zero if there is none.
 * Skipped tests are counted one by one, because vitest omits their total.
 */
export function countTests(report: string): Counts {
  const root = /<testsuites[^>]*>/.exec(report)?.[0] ?? ''
  const numberOf = (attribute: string) =>
    Number(new RegExp(` ${attribute}="(\\d+)"`).exec(root)?.[1] ?? 0)
  const failed = numberOf('failures') + numberOf('errors')
  const skipped = report.match(/<skipped\b/g)?.length ?? 0
  return { passed: numberOf('tests') - failed - skipped, failed, skipped }
}
