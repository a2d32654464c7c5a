import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { settled } from '../fakes.ts'

const WEB = join(import.meta.dirname, '../../app/web')
const script = readFileSync(join(WEB, 'page.js'), 'utf8')
const html = readFileSync(join(WEB, 'index.html'), 'utf8')

type Submit = (event: { preventDefault(): void }) => Promise<void>
const none: Submit = async () => {}

/** As much of an element as the page uses. */
function fakeElement() {
  const element = {
    value: '',
    textContent: '',
    open: false,
    focused: false,
    submit: none,
    classList: { toggle() {} },
    addEventListener(_: string, act: Submit) {
      element.submit = act
    },
    querySelector: () => ({ disabled: false }),
    replaceChildren() {},
    setAttribute() {},
    removeAttribute() {},
    append() {},
    focus() {
      element.focused = true
    },
  }
  return element
}

/** The page in a browser whose requests get this answer. `store`: what the tab remembers. */
function openPage(answer: Response, store: Map<string, string> | undefined) {
  const elements = new Map<string, ReturnType<typeof fakeElement>>()
  const find = (id: string) => {
    const known = elements.get(id) ?? fakeElement()
    elements.set(id, known)
    return known
  }
  const sent: { url: string; headers: Record<string, string> }[] = []
  const context = createContext({
    document: { querySelector: find, createElement: fakeElement },
    async fetch(url: string, { headers }: { headers: Record<string, string> }) {
      sent.push({ url, headers: { ...headers } })
      return answer
    },
    sessionStorage: store && {
      getItem: (name: string) => store.get(name) ?? null,
      setItem: (name: string, value: string) => store.set(name, value),
      removeItem: (name: string) => store.delete(name),
    },
  })
  runInContext(script, context)
  find('#texts').value = 'good'
  return {
    sent,
    find,
    async classify() {
      await find('#form').submit({ preventDefault() {} })
      await settled()
      return find('#status').textContent
    },
  }
}

const refusal = (status: number, headers = {}) => new Response('{}', { status, headers })
const answered = () => Response.json({ predictions: [[{ label: 'POSITIVE', score: 1 }]] })

describe('the try-out page', () => {
  it('has a field for a key, with a label, that shows no key', () => {
    expect(html).toContain('<label for="key">')
    expect(html).toMatch(/<input id="key" type="password" autocomplete="off"/)
  })

  it('asks for a key where the service wants one', async () => {
    const page = openPage(refusal(401), new Map())
    expect(await page.classify()).toContain('asks for an API key')
    expect([page.find('#access').open, page.find('#key').focused]).toEqual([true, true])
  })

  it('says that a key is unknown', async () => {
    const page = openPage(refusal(401), new Map())
    page.find('#key').value = 'old'
    expect(await page.classify()).toContain('does not know that API key')
  })

  it('sends a key in a header, never in the address, and remembers it for the tab', async () => {
    const store = new Map<string, string>()
    const page = openPage(answered(), store)
    page.find('#key').value = ' a-key '
    await page.classify()
    expect(page.sent).toMatchObject([{ url: '/predict', headers: { 'x-api-key': 'a-key' } }])
    expect([...store.values()]).toEqual(['a-key'])
    expect(openPage(answered(), store).find('#key').value).toBe('a-key')
  })

  it('forgets a key that was cleared', async () => {
    const store = new Map([['polarity-api-key', 'a-key']])
    const page = openPage(answered(), store)
    page.find('#key').value = ''
    await page.classify()
    expect(store.size).toBe(0)
  })

  it('works where a browser stores nothing', async () => {
    const page = openPage(answered(), undefined)
    expect(await page.classify()).toContain('Cache:')
  })

  it.each([
    ['8', 'try again in 8 seconds.'],
    ['1', 'try again in a second.'],
  ])('says when to come back after 429: %s', async (seconds, message) => {
    const page = openPage(refusal(429, { 'retry-after': seconds }), new Map())
    expect(await page.classify()).toContain(message)
  })

  it('says what it can of an answer that is not the service’s own', async () => {
    const page = openPage(new Response('<h1>Bad gateway</h1>', { status: 502 }), new Map())
    expect(await page.classify()).toBe('The service answered 502.')
  })
})
