import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Section {
  /** The alert's name, which is the section's heading. */
  readonly alert: string
  readonly text: string
}

/** The sections of the runbook, in its order. */
export const RUNBOOK: readonly Section[] = readFileSync(
  join(import.meta.dirname, 'runbook.md'),
  'utf8',
)
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [alert = '', ...text] = section.split('\n')
    return { alert, text: text.join('\n').trim() }
  })

/** As GitHub, GitLab and others derive it from a heading. */
export const anchorOf = (alert: string): string => `#${alert.toLowerCase()}`

/**
 * The number of the panel that has the section of an alert in the runbook's dashboard: by its name, so
 * that a link stays right when sections are added.
 */
export const panelOf = (alert: string): number =>
  Number.parseInt(createHash('sha256').update(alert).digest('hex').slice(0, 5), 16)
