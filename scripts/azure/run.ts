import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { z } from 'zod'
import { LATER } from './later.ts'
import { OPTIONS, refuseExamples, Settings, variablesOf } from './settings.ts'
import { STEPS, type Step } from './steps.ts'

const ROOT = join(import.meta.dirname, '../..')
const table = (rows: readonly (readonly [string, string])[]) =>
  rows.map(([name, text]) => `  ${name.padEnd(16)} ${text}`).join('\n')
const titles = (steps: readonly Step[]) => table(steps.map(({ name, title }) => [name, title]))
const USAGE = `usage: npm run azure -- [options] [STEP ...]

Prints the steps for a shell (npm run azure --silent), or runs them: all of the first list, or those named.
${titles(STEPS)}

Only if named:
${titles(LATER)}

  --run            runs them, each with sh; stops where one fails
  --from STEP      begins there
${table(
  Object.entries(OPTIONS).map(([name, { default: value, help }]) => [
    `--${name}`,
    `${help}${value && ` (${value})`}`,
  ]),
)}`

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...OPTIONS,
      run: { type: 'boolean', default: false },
      from: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    print(USAGE)
    return
  }
  const { success, data, error } = Settings.safeParse(values)
  if (!success) throw new Error(problemsOf(error))
  const steps = chosen(positionals, values.from)
  if (values.run) runAll(steps, data)
  else show(steps, data)
}

const problemsOf = (error: z.ZodError) =>
  error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n')

/** Those named, in the order of the lists; else all of the first. */
function chosen(names: readonly string[], from: string | undefined): readonly Step[] {
  const all = [...STEPS, ...LATER]
  const unknown = [...names, ...(from ? [from] : [])].find(
    (name) => !all.some((step) => step.name === name),
  )
  if (unknown) throw new Error(`${unknown} is no step: --help lists them`)
  if (names.length > 0) return all.filter(({ name }) => names.includes(name))
  const start = from ? STEPS.findIndex(({ name }) => name === from) : 0
  if (start < 0) throw new Error(`${from} is none of the steps in order: name it alone`)
  return STEPS.slice(start)
}

function show(steps: readonly Step[], settings: Settings): void {
  print(`set -eu\n${variablesOf(settings)}`)
  for (const { name, title, script } of steps) print(`# ${name}: ${title}\n${script}\n`)
}

function runAll(steps: readonly Step[], settings: Settings): void {
  refuseExamples(settings, steps.map(({ script }) => script).join('\n'))
  for (const step of steps) run(step, settings)
  print('Done: docs/aks.md goes on from here')
}

function run({ name, title, script }: Step, settings: Settings): void {
  print(`\n${name}: ${title}`)
  const shell = ['-eu', '-c', `${variablesOf(settings)}${script}`]
  const { status, error } = spawnSync('sh', shell, { cwd: ROOT, stdio: 'inherit' })
  if (error) throw new Error(`sh can't be started: ${error.message}`, { cause: error })
  if (status !== 0)
    throw new Error(
      `${name} ended with ${status}; go on there by the same command with --from ${name}`,
    )
}

const print = (text: string): void => void process.stdout.write(`${text}\n`)

try {
  main()
} catch (error) {
  process.stderr.write(`azure: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
