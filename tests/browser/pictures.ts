import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { hasChromium, INSTALL, openBrowser, type View } from './browser.ts'
import { startServices } from './services.ts'
import { Visit } from './visit.ts'

// Takes the pictures of the README: `npm run page:pictures`. With --all FOLDER each page in each way, to look at.
const { values } = parseArgs({ options: { all: { type: 'string' } } })
const README = join(import.meta.dirname, '../../docs/pictures')

const TEXTS = [
  'A warm, funny film with a cast that clearly enjoys itself.',
  'The soup was cold and the waiter did not care.',
  'I expected to hate it, but I could not put it down.',
  'The parcel arrived on Tuesday.',
]

interface Picture {
  readonly name: string
  readonly view: View
  readonly path?: string
  readonly texts?: readonly string[]
  readonly folder: string
  /** The page up to the end of this part. */
  readonly until?: string
  /** This part alone. */
  readonly only?: string
}

const KEPT: readonly Picture[] = [
  {
    name: 'try-it',
    view: { width: 1280, scheme: 'light' },
    texts: TEXTS,
    folder: README,
    until: '.bench',
  },
  {
    name: 'try-it-narrow',
    view: { width: 390, scheme: 'dark' },
    texts: TEXTS.slice(1, 4),
    folder: README,
    only: '#answers-panel',
  },
]

const LONG = [
  'good '.repeat(700),
  'هذا الفيلم رائع جدا',
  '<img src=x onerror=alert(1)>',
  'a'.repeat(20_001),
]

const ways = (folder: string): Picture[] =>
  [320, 768, 1280, 1920].flatMap((width) =>
    (['light', 'dark'] as const).flatMap((scheme) => {
      const common = { view: { width, scheme }, folder }
      return [
        { ...common, name: `home-${width}-${scheme}`, texts: TEXTS },
        { ...common, name: `hard-${width}-${scheme}`, texts: LONG },
        { ...common, name: `model-${width}-${scheme}`, path: '/model' },
        { ...common, name: `docs-${width}-${scheme}`, path: '/docs' },
      ]
    }),
  )

async function take(visit: Visit, picture: Picture): Promise<void> {
  const { page } = visit
  if (picture.texts) {
    await visit.home()
    await visit.classify(...picture.texts)
    await page.locator('#answers mark').first().waitFor()
    await page.waitForLoadState('networkidle')
    // The field would have a ring around it, and the time is this machine's.
    await page.evaluate('document.activeElement.blur(), document.querySelector("#took").remove()')
  } else {
    await page.goto(picture.path ?? '/', { waitUntil: 'networkidle' })
  }
  await shoot(page, picture)
}

async function shoot(page: Page, { name, folder, until, only }: Picture): Promise<void> {
  const options = { path: join(folder, `${name}.png`), animations: 'disabled' as const }
  if (only) {
    await page.locator(only).screenshot(options)
    return
  }
  const end = until ? await page.locator(until).boundingBox() : null
  const clip = end && { x: 0, y: 0, width: end.x * 2 + end.width, height: end.y + end.height }
  await page.screenshot({ ...options, fullPage: true, ...(clip && { clip }) })
}

if (!hasChromium) {
  process.stderr.write(`${INSTALL}\n`)
  process.exit(1)
}
const { services, stop } = await startServices('bun')
const browser = await openBrowser()
try {
  for (const picture of values.all === undefined ? KEPT : ways(values.all)) {
    mkdirSync(picture.folder, { recursive: true })
    const visit = await Visit.open(browser, picture.view, services.open)
    await take(visit, picture)
    await visit.close()
  }
} finally {
  await browser.close()
  await stop()
}
