import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
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
  /** All of the page, or a part of it; the window if left out. */
  readonly part?: 'page' | '#bench' | '#answers-panel'
}

const KEPT: readonly Picture[] = [
  { name: 'try-it', view: { width: 1280, scheme: 'light' }, texts: TEXTS, folder: README },
  {
    name: 'try-it-narrow',
    view: { width: 390, scheme: 'dark' },
    texts: TEXTS.slice(0, 3),
    folder: README,
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
      const common = { view: { width, scheme }, folder, part: 'page' as const }
      return [
        { ...common, name: `home-${width}-${scheme}`, texts: TEXTS },
        { ...common, name: `hard-${width}-${scheme}`, texts: LONG },
        { ...common, name: `model-${width}-${scheme}`, path: '/model' },
        { ...common, name: `docs-${width}-${scheme}`, path: '/docs' },
      ]
    }),
  )

async function take(visit: Visit, { name, path, texts, folder, whole = false }: Picture) {
  const { page } = visit
  if (texts) {
    await visit.home()
    await visit.classify(...texts)
    await page.locator('#answers mark').first().waitFor()
    // The field would have a ring around it.
    await page.evaluate('document.activeElement.blur()')
  } else {
    await page.goto(path ?? '/', { waitUntil: 'networkidle' })
  }
  await page.screenshot({
    path: join(folder, `${name}.png`),
    fullPage: whole,
    animations: 'disabled',
  })
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
