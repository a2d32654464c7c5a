import assert from 'node:assert/strict'
import type { Check } from '../check.ts'
import { styleOf } from '../visit.ts'

/** The model card and the API. */
export const OTHER_PAGES: readonly Check[] = [
  {
    name: 'shows the model card, with its reliability diagram, limits and licence',
    async run(visit) {
      await visit.page.goto('/model')
      await visit.page.getByRole('heading', { level: 1, name: /Model card: sst2-minilm/ }).waitFor()
      const picture = visit.page.getByRole('img', { name: /Right answers by score/ })
      assert.ok(await picture.evaluate((image) => Object(image).naturalWidth > 0))
      for (const name of [/Limits/, /licence/, /Accuracy/]) {
        assert.ok(await visit.page.getByRole('heading', { name }).first().isVisible())
      }
    },
  },
  {
    name: 'describes the API, dark for who wants dark',
    async run(visit) {
      await visit.page.goto('/docs')
      await visit.page.locator('.opblock').first().waitFor()
      const color = await styleOf(visit.page.locator('body'), 'background-color')
      const [red = 255] = (color.match(/\d+/g) ?? []).map(Number)
      assert.equal(red < 128, visit.view.scheme === 'dark', color)
    },
  },
  {
    name: 'lets callers enter a key in the API’s description, and sends it',
    service: 'guarded',
    async run(visit) {
      await visit.page.goto('/docs')
      await visit.page.getByRole('button', { name: 'Authorize' }).first().click()
      await visit.page.getByRole('textbox').first().waitFor()
    },
  },
]
