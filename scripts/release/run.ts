// Is this commit fit to be released? `npm run release:check`; docs/releasing.md has the whole way.

import { readFacts, readSteps } from './facts.ts'
import { problemsOf } from './problems.ts'

const facts = readFacts()
const problems = problemsOf(facts)

if (problems.length > 0) {
  for (const problem of problems) process.stderr.write(`not yet: ${problem}\n`)
  process.exitCode = 1
} else {
  process.stdout.write(`ok: ${facts.version} can be released. By hand:\n\n`)
  process.stdout.write(`${readSteps(facts.version)}\n`)
}
