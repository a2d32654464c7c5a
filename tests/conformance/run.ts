import { parseArgs } from 'node:util'
import { CONTRACT } from './contract.ts'
import { Target } from './target.ts'

/** Checks a running service against the contract; without arguments it prints its usage. */
const { positionals } = parseArgs({ allowPositionals: true })
const [url, internalUrl] = positionals

if (!url || !internalUrl) {
  process.stderr.write(`npm run conformance -- URL INTERNAL_URL

Checks a running service against its contract. Prints the failed checks, and \`N passed, N failed\`
on the last line. The service must run with default settings: no API keys, memory cache.
`)
  process.exit(2)
}

const target = new Target(url, internalUrl)
let failed = 0
for (const { name, run } of CONTRACT) {
  try {
    await run(target)
  } catch (error) {
    failed++
    process.stdout.write(`FAIL ${name}: ${error instanceof Error ? error.message : error}\n`)
  }
}
process.stdout.write(`${CONTRACT.length - failed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1
