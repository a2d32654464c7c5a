import type { Browser, BrowserContext, Locator, Page, Route } from 'playwright-core'
import type { View } from './browser.ts'

const HEIGHT = 900

/** A page in a tab of its own, with all that it complains of. */
export class Visit {
  readonly page: Page
  readonly view: View
  /** Console messages and errors, violations of the content security policy among them. */
  readonly complaints: string[] = []
  readonly #context: BrowserContext

  private constructor(context: BrowserContext, page: Page, view: View) {
    this.#context = context
    this.page = page
    this.view = view
    page.on('console', (message) => this.complaints.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`))
  }

  static async open(browser: Browser, view: View, baseURL: string): Promise<Visit> {
    const context = await browser.newContext({
      baseURL,
      viewport: { width: view.width, height: HEIGHT },
      colorScheme: view.scheme,
      permissions: ['clipboard-read', 'clipboard-write'],
      acceptDownloads: true,
      extraHTTPHeaders: { 'x-forwarded-for': addressOf(view) },
    })
    context.setDefaultTimeout(20_000)
    return new Visit(context, await context.newPage(), view)
  }

  close(): Promise<void> {
    return this.#context.close()
  }

  get field() {
    return this.page.getByLabel('Your texts')
  }

  get status() {
    return this.page.locator('#status')
  }

  /** The rows of the answers. */
  get rows() {
    return this.page.locator('#answers > li')
  }

  /** Opens the page, and waits for its first answers. */
  async home(): Promise<void> {
    await this.page.goto('/')
    await this.says(/\d+ texts?: /)
  }

  /** Waits until the status says so. */
  async says(pattern: RegExp): Promise<void> {
    await this.status.filter({ hasText: pattern }).waitFor()
  }

  /** Classifies texts, and waits for the answers. */
  async classify(...texts: string[]): Promise<void> {
    await this.field.fill(texts.join('\n'))
    await this.field.press('Control+Enter')
    await this.says(new RegExp(`^${texts.length} texts?: `))
  }

  /** What has the focus: its id, else its tag. */
  focused(): Promise<string> {
    return this.page.evaluate('document.activeElement.id || document.activeElement.tagName')
  }

  /** What the clipboard holds. */
  clipboard(): Promise<string> {
    return this.page.evaluate('navigator.clipboard.readText()')
  }

  /** Answers requests for predictions in the service's place, until it says `undefined`. */
  async stub(answer: (body: string) => Stubbed | undefined): Promise<void> {
    await this.page.route('**/predict', (route: Route) => {
      const stubbed = answer(route.request().postData() ?? '')
      return stubbed ? route.fulfill(stubbed) : route.fallback()
    })
  }
}

export interface Stubbed {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
  readonly contentType?: string
}

/** Views are callers of their own where the service counts by address. */
const addressOf = ({ width, scheme }: View) =>
  `10.${width >> 8}.${width & 255}.${scheme === 'dark' ? 1 : 0}`

/** The service's own error. */
export const problem = (
  status: number,
  code: string,
  { headers = {}, errors }: { headers?: Record<string, string>; errors?: object[] } = {},
): Stubbed => ({
  status,
  headers,
  contentType: 'application/problem+json',
  body: JSON.stringify({ status, code, detail: `About ${code}.`, ...(errors && { errors }) }),
})

/** A computed style. */
export const styleOf = (place: Locator, name: string): Promise<string> =>
  place.evaluate(
    (element, property) =>
      element.ownerDocument.defaultView?.getComputedStyle(element).getPropertyValue(property) ?? '',
    name,
  )
