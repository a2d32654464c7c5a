import assert from 'node:assert/strict'
import type { Check } from '../check.ts'
import { KEY } from '../services.ts'
import type { Visit } from '../visit.ts'

const enter = async (visit: Visit, key: string) => {
  await visit.page.getByLabel('API key', { exact: true }).fill(key)
  await visit.page.locator('#form button[type=submit]').click()
}

/** Keys, and what a tab remembers. */
export const ACCESS: readonly Check[] = [
  {
    name: 'asks for a key where the service wants one, and takes the focus there only when asked',
    service: 'guarded',
    failsOnPurpose: true,
    async run(visit) {
      await visit.page.goto('/')
      await visit.says(/asks for an API key/)
      assert.equal(await visit.focused(), 'BODY')
      await visit.field.press('Control+Enter')
      await visit.page.locator('#key:focus').waitFor()
      await enter(visit, 'wrong')
      await visit.says(/does not know that API key/)
      await enter(visit, KEY)
      await visit.says(/^3 texts: /)
    },
  },
  {
    name: 'remembers a key for the tab alone, and shows it nowhere',
    service: 'guarded',
    failsOnPurpose: true,
    async run(visit) {
      await visit.page.goto('/')
      await visit.says(/asks for an API key/)
      await enter(visit, KEY)
      await visit.says(/^3 texts: /)
      await visit.page.reload()
      await visit.says(/^3 texts: /)
      assert.ok(!(await visit.page.content()).includes(KEY))
      assert.ok(!((await visit.page.locator('#snippet').textContent()) ?? '').includes(KEY))
      assert.equal(await visit.page.evaluate('localStorage.length'), 0)
    },
  },
  {
    name: 'brings back what was tried, and forgets it when told',
    async run(visit) {
      await visit.home()
      await visit.classify('I love it.')
      await visit.classify('I hate it.')
      await visit.page.getByRole('button', { name: 'I love it.' }).click()
      await visit.says(/^1 text: 1 POSITIVE\.$/)
      assert.deepEqual(
        [await visit.field.inputValue(), await visit.focused()],
        ['I love it.', 'texts'],
      )
      await visit.page.getByRole('button', { name: 'Forget all' }).click()
      assert.equal(await visit.page.locator('#history li').count(), 0)
      assert.equal(await visit.focused(), 'history-note')
      assert.equal(await visit.page.evaluate("sessionStorage.getItem('polarity-history')"), null)
    },
  },
  {
    name: 'copies a link that brings the texts along, and sends them to nobody else',
    async run(visit) {
      await visit.home()
      await visit.classify("It's 100 % good & cheap #1?", 'هذا رائع 🎉')
      await visit.page.getByRole('button', { name: 'Copy a link to these texts' }).click()
      await visit.page.locator('#share-note', { hasText: 'Copied' }).waitFor()
      const link = await visit.clipboard()
      assert.match(link, /\/#text=/)
      const other = await visit.page.context().newPage()
      const addresses: string[] = []
      other.on('request', (request) => addresses.push(request.url()))
      await other.goto(link)
      await other.locator('#status', { hasText: /^2 texts: / }).waitFor()
      assert.equal(
        await other.getByLabel('Your texts').inputValue(),
        "It's 100 % good & cheap #1?\nهذا رائع 🎉",
      )
      assert.ok(addresses.every((address) => !new URL(address).search))
    },
  },
  {
    name: 'tries an example on a click, and says that the model is wrong where it is',
    async run(visit) {
      await visit.home()
      const wrong = visit.page
        .getByRole('group', { name: /Examples/ })
        .getByRole('button')
        .last()
      await wrong.click()
      await visit.page.locator('#example-note', { hasText: 'it is wrong' }).waitFor()
      assert.equal(await visit.focused(), 'texts')
      await visit.classify('I love it.')
      assert.equal(await visit.page.locator('#example-note').isVisible(), false)
    },
  },
]
