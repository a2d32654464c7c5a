import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { RUNTIMES, runtimePath, ServiceProcess } from '../../harness/process.ts'
import { pythonWith } from '../clients/python.ts'

const USAGE = `npm run spark -- [options]

Runs docs/examples/spark.py by Spark itself, on two executors in processes of their own: 50,000 rows by
\`rdd.pipe\` through \`polarity classify\`, and by \`mapInPandas\` against the service. Each time one executor is
killed in the middle; the answers must be those of one run. \`N passed, N failed\` on the last line, and exit
code 1 if any failed. Needs Java 17 or later, and Python 3.11 or later with venv;
the first time it installs Spark, 0.5 GB.

  --runtime NAME   of command and service: ${RUNTIMES.join(' or ')} (${RUNTIMES[0]})
`

const ROOT = join(import.meta.dirname, '../..')

const { values } = parseArgs({
  options: {
    runtime: { type: 'string', default: RUNTIMES[0] },
    help: { type: 'boolean', default: false },
  },
})
const say = (line: string) => void process.stdout.write(`${line}\n`)
const runtime = RUNTIMES.find((name) => name === values.runtime)
if (values.help || !runtime) {
  say(USAGE)
  process.exit(values.help ? 0 : 2)
}
if (spawnSync('java', ['-version']).status !== 0) {
  process.stderr.write('It needs Java: apt-get install openjdk-17-jre-headless\n')
  process.exit(2)
}

const python = await pythonWith('spark', ['pyspark'])
const folder = await mkdtemp(join(tmpdir(), 'polarity-spark-'))
const service = new ServiceProcess(runtime, { DRAIN_SECONDS: '0' })
const limited = new ServiceProcess(runtime, {
  DRAIN_SECONDS: '0',
  RATE_LIMIT_TEXTS_PER_MINUTE: '600',
  REQUEST_TIMEOUT_SECONDS: '1',
})
const sums = { passed: 0, failed: 0 }
try {
  await Promise.all([service.ready(), limited.ready()])
  const code = await check(python, {
    FOLDER: folder,
    COMMAND: `${runtimePath(runtime)} ${join(ROOT, 'cli/polarity.ts')}`,
    URL: service.url,
    LIMITED_URL: limited.url,
  })
  if (code !== 0) {
    say(`FAIL it ended with ${code}`)
    sums.failed++
  }
} finally {
  await Promise.all([service.stop(), limited.stop()])
  await rm(folder, { recursive: true })
}
say(`${sums.passed} passed, ${sums.failed} failed`)
process.exitCode = sums.failed === 0 && sums.passed > 0 ? 0 : 1

/** Runs the program, which prints `# Spark VERSION` and then a line of TAP for each check. */
async function check(file: string, env: Record<string, string>): Promise<unknown> {
  const { PATH, HOME } = process.env
  const child = spawn(file, [join(import.meta.dirname, 'check.py')], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  createInterface(child.stdout).on('line', (line) => {
    if (line.startsWith('ok - ')) sums.passed++
    if (line.startsWith('not ok - ')) sums.failed++
    say(line)
  })
  return await new Promise((resolve) => {
    child.once('error', resolve)
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
}
