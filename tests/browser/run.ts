import { parseArgs } from 'node:util'
import pMap from 'p-map'
import { RUNTIMES } from '../../harness/process.ts'
import { hasChromium, INSTALL, nameOf, openBrowser, VIEWS, type View } from './browser.ts'
import type { Check } from './check.ts'
import { ACCESS } from './checks/access.ts'
import { ANSWERS } from './checks/answers.ts'
import { CODE } from './checks/code.ts'
import { ERRORS } from './checks/errors.ts'
import { FILES } from './checks/files.ts'
import { OTHER_PAGES } from './checks/other-pages.ts'
import { QUALITY } from './checks/quality.ts'
import { type Services, startServices } from './services.ts'
import { Visit } from './visit.ts'

const CHECKS = [...ANSWERS, ...ACCESS, ...ERRORS, ...CODE, ...FILES, ...OTHER_PAGES, ...QUALITY]

const USAGE = `npm run page -- [options]

Starts the service with the bundled model, and uses its pages as people do, in Chromium: at three widths, light
and dark. Each check also fails for a console message and for a breach of the content security policy.
\`N passed, N failed\` on the last line, and exit code 1 if any failed.

  --runtime NAME   ${RUNTIMES.join(' or ')}; bun if left out
  --view NAME      one of ${VIEWS.map(nameOf).join(', ')}; may be repeated
  --check TEXT     checks whose name has this text
  --at-once N      views that are looked at together; 2 if left out
`

const { values } = parseArgs({
  options: {
    runtime: { type: 'string', default: 'bun' },
    view: { type: 'string', multiple: true, default: VIEWS.map(nameOf) },
    check: { type: 'string', default: '' },
    'at-once': { type: 'string', default: '2' },
    help: { type: 'boolean', default: false },
  },
})
const say = (line: string) => void process.stdout.write(`${line}\n`)
const runtime = RUNTIMES.find((name) => name === values.runtime)
const views = VIEWS.filter((view) => values.view.includes(nameOf(view)))
const checks = CHECKS.filter(({ name }) => name.includes(values.check))
if (values.help || !runtime || views.length === 0 || checks.length === 0) {
  say(USAGE)
  process.exit(values.help ? 0 : 2)
}
if (!hasChromium) {
  say(`Skipped. ${INSTALL}`)
  process.exit(0)
}

const sums = { passed: 0, failed: 0 }
const { services, stop } = await startServices(runtime)
try {
  await pMap(views, (view) => look(view, services), { concurrency: Number(values['at-once']) })
} finally {
  await stop()
}
say(`${sums.passed} passed, ${sums.failed} failed`)
process.exitCode = sums.failed === 0 && sums.passed > 0 ? 0 : 1

/** Runs all checks in one view, in a browser of its own: its clipboard is nobody else's. */
async function look(view: View, addresses: Services): Promise<void> {
  const browser = await openBrowser()
  let failed = 0
  for (const check of checks) {
    const visit = await Visit.open(browser, view, addresses[check.service ?? 'open'])
    const failure = await tryOut(check, visit)
    await visit.close()
    if (failure === undefined) continue
    failed++
    say(`FAIL ${nameOf(view)}: ${check.name}\n     ${failure.replaceAll('\n', '\n     ')}`)
  }
  await browser.close()
  say(`${nameOf(view).padEnd(10)}  ${checks.length - failed} passed, ${failed} failed`)
  sums.passed += checks.length - failed
  sums.failed += failed
}

/** What does not hold; `undefined`: all does. */
async function tryOut(check: Check, visit: Visit): Promise<string | undefined> {
  try {
    await check.run(visit)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  const own = /Failed to load resource/
  const complaints = visit.complaints.filter((text) => !(check.failsOnPurpose && own.test(text)))
  return complaints.length === 0 ? undefined : complaints.join('\n')
}
