import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const hasChromium = (() => {
  if (spawnSync('chromium', ['--version']).status === 0) return true
  process.stderr.write('Tests with a browser are skipped: apt-get install chromium\n')
  return false
})()

const MOST_BYTES = 64 * 1024 * 1024

/** Opens a file in a browser without a window, with a profile of its own. Resolves with what it prints. */
async function openFile(file: string, ...options: readonly string[]): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'))
  try {
    const { stdout } = await run(
      'chromium',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--hide-scrollbars',
        `--user-data-dir=${profile}`,
        ...options,
        pathToFileURL(file).href,
      ],
      { maxBuffer: MOST_BYTES },
    )
    return stdout
  } finally {
    await rm(profile, { recursive: true, force: true })
  }
}

/** The document of a page after its scripts have run. */
export const domOf = (file: string): Promise<string> => openFile(file, '--dump-dom')

interface Picture {
  /** A PNG. */
  readonly to: string
  /** In CSS pixels. */
  readonly width: number
  readonly height: number
  readonly dark?: boolean
}

/** Draws the top of a page. */
export async function drawPage(file: string, picture: Picture): Promise<void> {
  const { to, width, height, dark = false } = picture
  await openFile(
    file,
    `--screenshot=${to}`,
    `--window-size=${width},${height}`,
    ...(dark ? ['--blink-settings=preferredColorScheme=0'] : []),
  )
}
