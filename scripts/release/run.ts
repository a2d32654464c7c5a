// Checks whether this commit can be released: `npm run release:check`, a step of docs/releasing.md.

import { readFacts, readSteps } from './facts.ts'
import { problemsOf } from './problems.ts'

const facts = readFacts()
const problems = problemsOf(facts)

if (problems.length > 0) {
  for (const problem of problems) process.stderr.write(`problem: ${problem}\n`)
  process.exitCode = 1
} else {
  process.stdout.write(`ok: ${facts.version} can be released. Manual steps:\n\n`)
  process.stdout.write(`${readSteps(facts.version)}\n`)
}
