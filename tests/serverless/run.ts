// Cold start: from nothing to the first answer. A small activator holds a request, starts the service and
// forwards it once the service is ready; the median of several, with the files of the service in the
// page cache and, where that can be emptied, without. Exits with 1 if a median is above the limit.
// `npm run coldstart -- [bun|node] [--runs N] [--limit MS] [--model MODEL] [--out FILE]`

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { RUNTIMES } from '../../harness/process.ts'
import { dropPageCache, measureColdStart } from './cold-start.ts'
import { medians, toTable } from './report.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    limit: { type: 'string', default: '2500' },
    model: { type: 'string' },
    out: { type: 'string' },
  },
})
const say = (line: string) => process.stdout.write(`${line}\n`)
const runtimes = RUNTIMES.filter((name) => positionals.length === 0 || positionals.includes(name))
const env: Record<string, string> = values.model ? { MODEL: values.model } : {}

const results = []
for (const runtime of runtimes) {
  // Not counted: it may be the first since the machine started.
  await measureColdStart(runtime, env)
  for (const pageCache of ['warm', 'empty'] as const) {
    const starts = []
    for (let run = 0; run < Number(values.runs); run++) {
      if (pageCache === 'empty' && !dropPageCache()) break
      starts.push(await measureColdStart(runtime, env))
    }
    if (starts.length > 0) results.push({ runtime, pageCache, starts, median: medians(starts) })
    else say(`${runtime}: the page cache can't be emptied here; that takes root`)
  }
}
say(`${cpus()[0]?.model ?? 'CPU'}, ${cpus().length} cores; medians of ${values.runs}, in ms`)
say(toTable(results))
if (values.out) writeFileSync(values.out, `${JSON.stringify(results, null, 2)}\n`)
const slow = results.filter(({ median }) => median.answer > Number(values.limit))
for (const { runtime, pageCache, median } of slow)
  say(`${runtime}, page cache ${pageCache}: ${median.answer} ms is above ${values.limit} ms`)
if (slow.length > 0) process.exitCode = 1
