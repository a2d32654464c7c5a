import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hasManifestTools, ROOT, TOOLS } from './rendered.ts'

const HELM = join(TOOLS, 'helm')
export const CHART = join(ROOT, 'chart')
export const IMAGE = 'registry.example/polarity:test'

export const hasHelm = (() => {
  if (hasManifestTools && existsSync(HELM)) return true
  process.stderr.write('Tests of the chart are skipped: bash scripts/build-manifest-tools.sh\n')
  return false
})()

export function helm(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(HELM, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  })
  return { status, output: stdout + stderr, stdout }
}

/** The values that turn a component on. */
export const turnOn = (component: string) =>
  `${component.replaceAll(/-./g, ([, letter = '']) => letter.toUpperCase())}.enabled=true`

const setting = (values: readonly string[]) => values.flatMap((value) => ['--set', value])

export function template(...values: readonly string[]): string {
  const { status, output, stdout } = helm(
    ...['template', 'polarity', CHART, '--namespace', 'polarity'],
    ...setting([`image.tag=test`, ...values]),
  )
  if (status !== 0) throw new Error(output)
  return stdout
}
