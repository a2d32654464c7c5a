import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LOG_EVENTS } from '../../app/telemetry/events.ts'
import { OBSERVABILITY } from './rules.ts'

it('the table of log events lists each one, in the order of the code', () => {
  const readme = readFileSync(join(OBSERVABILITY, 'README.md'), 'utf8')
  const [, section = ''] = readme.split('\n## Log events\n')
  const rows = [...section.matchAll(/^\| `(\w+)` \| (?:info|warn|error|fatal)/gm)]
  expect(rows.map(([, event]) => event)).toEqual([...LOG_EVENTS])
})
