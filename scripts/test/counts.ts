export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/**
 * Counts the test cases of a JUnit XML report by the sums of its outermost element; nothing passed if
 * there is none. Skipped ones are counted by their own elements, because vitest leaves out their sum.
 */
export function countTests(report: string): Counts {
  const outermost = /<testsuites[^>]*>/.exec(report)?.[0] ?? ''
  const numberOf = (attribute: string) =>
    Number(new RegExp(` ${attribute}="(\\d+)"`).exec(outermost)?.[1] ?? 0)
  const failed = numberOf('failures') + numberOf('errors')
  const skipped = report.match(/<skipped\b/g)?.length ?? 0
  return { passed: numberOf('tests') - failed - skipped, failed, skipped }
}
