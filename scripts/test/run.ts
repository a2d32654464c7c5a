import { parseArgs } from 'node:util'
import type { Counts } from './counts.ts'
import { killRunning, type Result, runSuite } from './run-suite.ts'
import { SUITES } from './suites.ts'

/** Runs the named suites, `unit` or `e2e`, or all; a failed suite does not stop the next one. */
const { positionals } = parseArgs({ allowPositionals: true })
const unknown = positionals.filter((name) => !Object.hasOwn(SUITES, name))
if (unknown.length > 0) {
  process.stderr.write(
    `Unknown suite: ${unknown.join(', ')}. Suites: ${Object.keys(SUITES).join(', ')}.\n`,
  )
  process.exit(2)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    killRunning()
    process.exit(1)
  })
}

const results: Result[] = []
for (const [name, suites] of Object.entries(SUITES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  results.push(...(await Promise.all(suites.map((suite) => runSuite(suite, suites.length === 1)))))
}

const toLine = ({ passed, failed, skipped }: Counts) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`
process.stdout.write('\n')
// Once more at the end, where a log that was cut still has them.
for (const { name, failures } of results) {
  for (const { test, message } of failures) {
    process.stdout.write(`failed ${name}: ${test}\n${message.replaceAll(/^/gm, '    ')}\n`)
  }
}
for (const result of results) {
  const seconds = `${result.seconds.toFixed(1)} s`
  process.stdout.write(`${result.name.padEnd(14)}${seconds.padStart(8)}  ${toLine(result)}\n`)
}
const sum = (count: keyof Counts) => results.reduce((total, result) => total + result[count], 0)
const all = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
process.stdout.write(`${toLine(all)}\n`)
process.exitCode = all.failed === 0 && all.passed > 0 ? 0 : 1
