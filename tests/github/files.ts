import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

export const ROOT = join(import.meta.dirname, '../..')
export const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

const Step = z.looseObject({ uses: z.string().optional(), run: z.string().optional() })
const Action = z.object({ runs: z.object({ steps: z.array(Step) }) })
const Workflow = z.object({
  permissions: z.record(z.string(), z.string()),
  concurrency: z.object({ group: z.string() }),
  jobs: z.record(
    z.string(),
    z.object({ 'timeout-minutes': z.number(), 'runs-on': z.string(), steps: z.array(Step) }),
  ),
})

const named = (pattern: string) => globSync(pattern, { cwd: ROOT }).sort()

export const WORKFLOWS = named('.github/workflows/*.yml').map((file) => ({
  file,
  ...Workflow.parse(parse(read(file))),
}))

const actions = named('.github/actions/*/action.yml').map((file) => ({
  file,
  steps: Action.parse(parse(read(file))).runs.steps,
}))

/** Every file that runs something, with its steps in order. */
export const RUNS = [
  ...WORKFLOWS.map(({ file, jobs }) => ({
    file,
    steps: Object.values(jobs).flatMap((job) => job.steps),
  })),
  ...actions,
]

/** What people fill in to open an issue; `config.yml` beside them is none. */
export const FORMS = named('.github/ISSUE_TEMPLATE/*.yml').filter(
  (file) => !file.endsWith('/config.yml'),
)
