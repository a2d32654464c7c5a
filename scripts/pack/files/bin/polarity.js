#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node --max-semi-space-size=2 --heap-growing-percent=50
// The variable of glibc and the options of V8 bound the memory that a file of a million rows takes. Bun passes over the
// options.
//
// Plain JavaScript that every Node reads, so that one that is too old, or a machine without a build of the
// model's runtime, is told in one line.
import { readFileSync } from 'node:fs'

const { engines, builds } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
)
const reason = whyNot()
if (reason) {
  process.stderr.write(`polarity: ${reason}\n`)
  process.exit(1)
}
await import('./older-node.js')
await import('../lib/cli/polarity.js')

/** What is missing on this machine. */
function whyNot() {
  const { node, bun } = process.versions
  const needed = engines.node.replace('>=', '')
  if (!bun && isOlder(node, needed)) return `needs Node ${needed} or later, and this is ${node}`
  const here = `${process.platform}-${process.arch}`
  if (!builds.includes(here)) return `is built for ${builds.join(', ')}, and this is ${here}`
}

function isOlder(version, than) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = than.split('.').map(Number)
  return major < leastMajor || (major === leastMajor && minor < leastMinor)
}
