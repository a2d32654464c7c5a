import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { TOOLS } from './rendered.ts'

const PROGRAM = join(TOOLS, 'knative')

export const hasKnativeWebhook = (() => {
  if (existsSync(PROGRAM)) return true
  const how = 'bash scripts/build-manifest-tools.sh'
  process.stderr.write(`Tests with Knative's own code are skipped; they need Go: ${how}\n`)
  return false
})()

/** What Knative's webhook would say of manifests; empty if it takes all. */
export function knativeAnswerOf(manifests: string): string {
  const { status, stdout, stderr } = spawnSync(PROGRAM, [], { input: manifests, encoding: 'utf8' })
  // 1 is for complaints; with anything else nothing was checked.
  if (status !== 0 && status !== 1) throw new Error(`knative ended with ${status}: ${stderr}`)
  return stdout
}
