import assert from 'node:assert/strict'
import axe from 'axe-core'
import { z } from 'zod'
import type { Check } from '../check.ts'
import type { Visit } from '../visit.ts'

/** Bytes of the page and all that it loads, as sent to a browser that takes Brotli. */
const MOST_BYTES = 60_000

const Found = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }))

/** What axe finds wrong, in a line each. `outside`: what is another's. */
async function violations({ page }: Visit, outside: readonly string[] = []): Promise<string[]> {
  await page.evaluate(axe.source)
  const context = JSON.stringify({ exclude: outside.map((place) => [place]) })
  const found = await page.evaluate(`axe.run(${context}).then(({ violations }) => violations)`)
  return Found.parse(found).map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  )
}

const assertNarrow = async ({ page }: Visit) =>
  assert.ok(
    await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
    'it scrolls sideways',
  )

/** What holds of a page as a whole. */
export const QUALITY: readonly Check[] = [
  {
    name: 'has nothing that axe finds wrong, with all of it open',
    async run(visit) {
      await visit.home()
      await visit.page.locator('#answers mark').first().waitFor()
      await visit.page.locator('summary').click()
      await visit.page.locator('#file').setInputFiles({
        name: 'a.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('text\nfine\n'),
      })
      await visit.page.locator('#column').waitFor()
      assert.deepEqual(await violations(visit), [])
      await assertNarrow(visit)
    },
  },
  {
    name: 'has nothing that axe finds wrong in an error, an example that is wrong and a long text',
    async run(visit) {
      await visit.home()
      await visit.page
        .getByRole('group', { name: /Examples/ })
        .getByRole('button')
        .last()
        .click()
      await visit.page.locator('#example-note', { hasText: 'wrong' }).waitFor()
      assert.deepEqual(await violations(visit), [])
      await visit.field.fill(`${'b'.repeat(20_001)}\n${'good '.repeat(700)}`)
      await visit.field.press('Control+Enter')
      await visit.says(/^2 texts: /)
      assert.deepEqual(await violations(visit), [])
      await assertNarrow(visit)
    },
  },
  ...[
    ['/model', 'h1'],
    ['/docs', '.opblock'],
  ].map(([path = '', drawn = '']) => ({
    name: `has nothing that axe finds wrong at ${path}`,
    async run(visit: Visit) {
      await visit.page.goto(path)
      await visit.page.locator(drawn).first().waitFor()
      // What Swagger UI draws is its own.
      assert.deepEqual(await violations(visit, ['.swagger-ui']), [])
      await assertNarrow(visit)
    },
  })),
  {
    name: `weighs at most ${MOST_BYTES / 1000} kB, compressed`,
    async run(visit) {
      const sizes: number[] = []
      visit.page.on('requestfinished', (request) => {
        void request.sizes().then(({ responseBodySize }) => sizes.push(responseBodySize))
      })
      await visit.home()
      await visit.page.waitForLoadState('networkidle')
      const sum = sizes.reduce((a, b) => a + b, 0)
      assert.ok(sum > 1000 && sum <= MOST_BYTES, `${sum} bytes`)
    },
  },
  {
    name: 'can be used by keyboard alone, and shows where one is',
    async run(visit) {
      await visit.home()
      const visited: string[] = []
      for (let i = 0; i < 60; i++) {
        await visit.page.keyboard.press('Tab')
        const place = await visit.focused()
        if (place === 'BODY') break
        visited.push(place)
        const outline = await visit.page.evaluate(
          'getComputedStyle(document.activeElement).outlineStyle',
        )
        assert.notEqual(outline, 'none', place)
      }
      for (const id of ['texts', 'live', 'share', 'copy', 'file'])
        assert.ok(visited.includes(id), id)
    },
  },
  {
    name: 'moves nothing for who wants no motion',
    async run(visit) {
      await visit.page.emulateMedia({ reducedMotion: 'reduce' })
      await visit.home()
      const animations = await visit.page.evaluate(
        'document.getAnimations().filter((one) => one.playState === "running").length',
      )
      assert.equal(animations, 0)
    },
  },
]
