import { spawnSync } from 'node:child_process'

export const hasPrometheus = (() => {
  if (spawnSync('promtool', ['--version']).status === 0) return true
  process.stderr.write('Tests with Prometheus are skipped: apt-get install prometheus\n')
  return false
})()

/** Complaints of promtool about its input or files; empty if there are none. */
export function promtool(args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' })
  return status === 0 ? stderr : `${stdout}${stderr}`
}
