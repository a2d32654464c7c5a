import { describe, expect, it } from 'vitest'
import { countTests } from '../../scripts/test/counts.ts'
import { failuresOf } from '../../scripts/test/failures.ts'

/** What each runner wrote of one test that passes, one that is skipped and one that fails. */
const REPORTS = {
  vitest: `<testsuites name="vitest tests" tests="3" failures="1" errors="0" time="0.006">
    <testsuite name="a.test.ts" tests="3" failures="1" errors="0" skipped="1" time="0.006">
      <testcase classname="a.test.ts" name="passes" time="0.001"></testcase>
      <testcase classname="a.test.ts" name="is skipped" time="0"><skipped/></testcase>
      <testcase classname="a.test.ts" name="fails"><failure message="&lt;skipped&#10;seed: 7"></failure></testcase>
    </testsuite></testsuites>`,
  bun: `<testsuites name="bun test" tests="3" assertions="2" failures="1" skipped="1" time="0.026">
    <testsuite name="a.test.ts" tests="3" assertions="2" failures="1" skipped="1">
      <testcase name="passes" line="2" assertions="1" />
      <testcase name="is skipped" line="3" assertions="0"><skipped /></testcase>
      <testcase name="fails" file="a.test.ts" line="4"><failure type="AssertionError" message="&lt;skipped&#10;seed: 7" /></testcase>
    </testsuite></testsuites>`,
}

describe('the sums of a test run', () => {
  it.each(Object.entries(REPORTS))('are those that %s reports', (_, report) => {
    expect(countTests(report)).toEqual({ passed: 1, failed: 1, skipped: 1 })
  })

  it('are nothing passed without a report', () => {
    expect(countTests('')).toEqual({ passed: 0, failed: 0, skipped: 0 })
  })
})

describe('the failures of a test run', () => {
  it.each(Object.entries(REPORTS))('are those that %s reports', (_, report) => {
    expect(failuresOf(report)).toEqual([{ test: 'a.test.ts: fails', message: '<skipped\nseed: 7' }])
  })
})
