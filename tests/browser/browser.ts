import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Debian's, or another one by CHROMIUM. */
const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'

export const hasChromium = existsSync(EXECUTABLE)

/** What to say where there is none. */
export const INSTALL = 'Chromium is missing: apt-get install chromium'

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: EXECUTABLE,
    // As root, in a container, a browser has no sandbox of its own; it sees this machine's pages alone.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })

/** How a page is looked at. */
export interface View {
  readonly width: number
  readonly scheme: 'light' | 'dark'
}

export const VIEWS: readonly View[] = [320, 768, 1280].flatMap((width) => [
  { width, scheme: 'light' as const },
  { width, scheme: 'dark' as const },
])

export const nameOf = ({ width, scheme }: View): string => `${width} ${scheme}`
