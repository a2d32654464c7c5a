import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

export const OBSERVABILITY = join(import.meta.dirname, '../../observability')

const Rule = z.object({
  record: z.string().optional(),
  alert: z.string().optional(),
  expr: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
})
const File = z.object({ groups: z.array(z.object({ rules: z.array(Rule) })) })

const rulesOf = (file: string) =>
  File.parse(parse(readFileSync(join(OBSERVABILITY, 'prometheus', file), 'utf8'))).groups.flatMap(
    ({ rules }) => rules,
  )

/** The recording rules. */
export const RULES = rulesOf('recording.yml')

/** The names of the recording rules. */
export const RECORDS = RULES.flatMap(({ record }) => record ?? [])

export const ALERTS = rulesOf('alerts.yml').flatMap(({ alert, ...rule }) =>
  alert ? [{ alert, ...rule }] : [],
)
