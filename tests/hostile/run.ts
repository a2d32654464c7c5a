import { parseArgs } from 'node:util'
import { RUNTIMES } from '../../harness/process.ts'
import { bodies } from './bodies.ts'
import { dialects } from './dialects.ts'
import { disk } from './disk.ts'
import { http2 } from './http2.ts'
import { identity } from './identity.ts'
import { json } from './json.ts'
import { memory } from './memory.ts'
import { overload } from './overload.ts'
import type { Part } from './part.ts'
import { pause } from './pause.ts'
import { raw } from './raw.ts'
import { redisValues } from './redis-values.ts'
import { Report } from './report.ts'
import { sharing } from './sharing.ts'
import { streams } from './streams.ts'
import { texts } from './texts.ts'

const PARTS: Record<string, Part> = {
  raw,
  texts,
  json,
  bodies,
  dialects,
  memory,
  streams,
  http2,
  disk,
  overload,
  sharing,
  redis: redisValues,
  pause,
  identity,
}

const USAGE = `npm run hostile -- [options]

Attacks real processes of the service as hostile callers would. Says of each attack what was seen and
what would still have held; \`N held, N broke\` on the last line, and exit code 1 if any broke.

  --runtime NAME   ${RUNTIMES.join(' or ')}; both if left out
  --part NAME      may be repeated; all if left out: ${Object.keys(PARTS).join(', ')}
  --full           overload for 180 s each instead of 20 s
  --slack N        factor on every bound of time, for a machine that others use as well (1)
  --seed N         of all that is random (1)
`

const { values } = parseArgs({
  options: {
    runtime: { type: 'string', multiple: true, default: [...RUNTIMES] },
    part: { type: 'string', multiple: true, default: Object.keys(PARTS) },
    full: { type: 'boolean', default: false },
    slack: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})
const say = (line: string) => void process.stdout.write(`${line}\n`)
const parts = values.part.map((name) => ({ name, run: PARTS[name] }))
const runtimes = RUNTIMES.filter((name) => values.runtime.includes(name))
if (values.help || runtimes.length === 0 || parts.some(({ run }) => !run)) {
  say(USAGE)
  process.exit(values.help ? 0 : 2)
}

const slack = Number(values.slack)
const seed = Number(values.seed)
const overloadSeconds = values.full ? 180 : 20
const report = new Report(say)
say(`seed ${seed}, slack ${slack}`)
for (const runtime of runtimes) {
  for (const { name, run } of parts) {
    try {
      await run?.({ runtime, report, slack, seed, overloadSeconds })
    } catch (error) {
      const figure = error instanceof Error ? error.message : `${error}`
      report.add({ attack: `${runtime} ${name}`, held: false, figure, bound: 'no failure' })
    }
  }
}
say(report.sums)
process.exit(report.broke === 0 ? 0 : 1)
