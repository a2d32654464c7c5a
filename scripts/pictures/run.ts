import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drawPage } from '../../harness/chromium.ts'
import { runtimePath } from '../../harness/process.ts'
import { drawTerminal, type Exchange } from './draw-terminal.ts'
import { record } from './record.ts'

// Classifies docs/examples/reviews.csv as a reader would, and draws the terminal and the report, so that a
// reader sees what to expect. `npm run report:picture`
const ROOT = join(import.meta.dirname, '../..')
const PICTURES = join(ROOT, 'docs/pictures')
const COLUMNS = 104

const COMMANDS = [
  'polarity "Best kettle I ever had" "It leaked all over the table"',
  `polarity classify reviews.csv --column review --by product --by date \\
    --out labelled.csv --report report.html`,
  'tail -n 3 labelled.csv',
]

/** Of the report's top in its picture, in CSS pixels. */
const SIZE = { width: 980, height: 1690 }

await mkdir(PICTURES, { recursive: true })
const folder = await mkdtemp(join(tmpdir(), 'pictures-'))
try {
  await copyFile(join(ROOT, 'docs/examples/reviews.csv'), join(folder, 'reviews.csv'))
  const polarity = `"${runtimePath('node')}" "${join(ROOT, 'cli/polarity.ts')}"`
  const exchanges: Exchange[] = []
  for (const command of COMMANDS) {
    const real = command.replace(/^polarity/, polarity)
    const answer = await record(real, {
      cwd: folder,
      columns: COLUMNS,
    })
    exchanges.push({ command, answer })
  }
  await writeFile(join(PICTURES, 'terminal.svg'), drawTerminal(exchanges, COLUMNS))
  await drawPage(join(folder, 'report.html'), { to: join(PICTURES, 'report.png'), ...SIZE })
} finally {
  await rm(folder, { recursive: true, force: true })
}
