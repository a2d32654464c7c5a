import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { RUNTIMES } from '../../harness/process.ts'
import { CLIENTS } from './programs.ts'
import { type Services, startServices } from './services.ts'

const NAMES = CLIENTS.map(({ name }) => name)

const USAGE = `npm run clients -- [options]

Starts the service, and lets clients as they are published talk to it: those of Hugging Face, Triton,
KServe and MLServer among them, at the versions that tests/clients pins. Prints what each found wrong,
and how many of its checks passed; \`N passed, N failed\` on the last line, and exit code 1 if any failed.

  --runtime NAME   ${RUNTIMES.join(' or ')}; both if left out
  --client NAME    may be repeated; all if left out: ${NAMES.join(', ')}
`

const { values } = parseArgs({
  options: {
    runtime: { type: 'string', multiple: true, default: [...RUNTIMES] },
    client: { type: 'string', multiple: true, default: NAMES },
    help: { type: 'boolean', default: false },
  },
})
const say = (line: string) => void process.stdout.write(`${line}\n`)
const runtimes = RUNTIMES.filter((name) => values.runtime.includes(name))
const clients = CLIENTS.filter(({ name }) => values.client.includes(name))
if (values.help || runtimes.length === 0 || clients.length === 0) {
  say(USAGE)
  process.exit(values.help ? 0 : 2)
}

const programs: { readonly name: string; readonly command: readonly [string, ...string[]] }[] = []
for (const { name, command } of clients) programs.push({ name, command: await command() })

const sums = { passed: 0, failed: 0 }
for (const runtime of runtimes) {
  const services = await startServices(runtime, NAMES)
  try {
    for (const program of programs) {
      const { title, passed, failures } = await check(program, services)
      for (const failure of failures) say(`FAIL ${failure}`)
      say(`${runtime.padEnd(4)}  ${title.padEnd(40)}  ${passed} passed, ${failures.length} failed`)
      sums.passed += passed
      sums.failed += failures.length
    }
  } finally {
    await services.stop()
  }
}
say(`${sums.passed} passed, ${sums.failed} failed`)
process.exitCode = sums.failed === 0 && sums.passed > 0 ? 0 : 1

interface Outcome {
  /** Program, client and version. */
  readonly title: string
  readonly passed: number
  readonly failures: readonly string[]
}

/** Runs a program, which prints `# CLIENT VERSION` and then a line of TAP for each check. */
async function check(
  { name, command: [file, ...args] }: (typeof programs)[number],
  services: Services,
): Promise<Outcome> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...services.environmentOf(name) }
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  const errors: string[] = []
  createInterface(child.stdout).on('line', (line) => lines.push(line))
  createInterface(child.stderr).on('line', (line) => errors.push(line))
  const code = await new Promise<unknown>((resolve) => {
    child.once('error', resolve)
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal))
  })
  const after = (start: string) =>
    lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length))
  const passed = after('ok - ').length
  const failures = after('not ok - ')
  const ended = code === 0 && passed + failures.length > 0
  if (!ended) failures.push(`it ended with ${code}: ${errors.slice(-20).join('\n')}`)
  return { title: `${name} (${after('# ')[0] ?? 'unknown version'})`, passed, failures }
}
