import { describe, expect, it } from 'vitest'
import { loadPages } from '../../app/http/pages.ts'
import { createTestApp, createTestDeps } from '../fakes.ts'

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'

/** The page of a model with this card. */
async function pageOf(markdown?: string) {
  const card =
    markdown === undefined ? undefined : { markdown, pictures: new Map([['a.svg', SVG]]) }
  const app = createTestApp({ pages: await loadPages(card) })
  const response = await app.request('/model')
  return { app, response, body: await response.text() }
}

describe('the page of the model card', () => {
  it('shows the card', async () => {
    const { response, body } = await pageOf(
      '# Model card: x\n\n| a | b |\n|---|---|\n| 1 | **2** |\n',
    )
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(body).toContain('<h1>Model card: x</h1>')
    expect(body).toMatch(/<div class="scroll" tabindex="0"[^>]*><table>/)
    expect(body).toContain('<strong>2</strong>')
  })

  it('shows pictures that the model brings, and no others', async () => {
    const { app, body } = await pageOf('![A](a.svg) ![B](https://elsewhere.example/b.png)')
    expect(body).toContain('<img src="/web/card-a.svg" alt="A">')
    expect(body.match(/<img/g)).toHaveLength(2)
    const picture = await app.request('/web/card-a.svg')
    expect([picture.headers.get('content-type'), await picture.text()]).toEqual([
      'image/svg+xml',
      SVG,
    ])
  })

  it('has no HTML, script or address that the card brings', async () => {
    const { body } = await pageOf(
      '<script>alert(1)</script>\n\n<b onclick="x">b</b> [x](javascript:alert(1)) [y](../README.md) [z](https://z.example/?"<)\n\n![<i>](no.svg)',
    )
    expect(body).not.toMatch(/<script|<b |javascript:|README\.md|<i>/)
    expect(body).toContain('&lt;script&gt;')
    expect(body).toContain('<a href="https://z.example')
  })

  it('says what is served, from the same source as /info', async () => {
    const { info } = createTestDeps()
    const { body } = await pageOf('# x')
    for (const fact of [info.model.id, info.model.digest, info.numerics, ...info.model.labels]) {
      expect(body).toContain(fact)
    }
  })

  it('says that a model has no card', async () => {
    expect((await pageOf()).body).toContain('has no card')
  })
})
