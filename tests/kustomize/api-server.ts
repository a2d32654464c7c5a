import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { TOOLS } from './rendered.ts'

const PROGRAM = join(TOOLS, 'apiserver')
const API = join(TOOLS, 'api')

export const hasApiServer = (() => {
  if (existsSync(PROGRAM) && existsSync(API)) return true
  const how = 'bash scripts/build-manifest-tools.sh'
  process.stderr.write(`Tests with the API server's own code are skipped; they need Go: ${how}\n`)
  return false
})()

/** What the API server would say of manifests, applied with these options; empty if it takes all. */
export function answerOf(manifests: string, options: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(PROGRAM, [...options, API], {
    input: manifests,
    encoding: 'utf8',
  })
  // 1 is for complaints; with anything else nothing was checked.
  if (status !== 0 && status !== 1) throw new Error(`apiserver ended with ${status}: ${stderr}`)
  return stdout
}
