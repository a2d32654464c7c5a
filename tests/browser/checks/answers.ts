import assert from 'node:assert/strict'
import type { Check } from '../check.ts'
import { styleOf } from '../visit.ts'

/** What the page makes of texts. */
export const ANSWERS: readonly Check[] = [
  {
    name: 'answers before anybody asks',
    async run(visit) {
      await visit.home()
      assert.equal(await visit.rows.count(), 3)
      assert.equal(await visit.rows.first().locator('.answer strong').textContent(), 'POSITIVE')
    },
  },
  {
    name: 'answers while somebody types',
    async run(visit) {
      await visit.home()
      await visit.field.fill('')
      await visit.says(/Nothing to classify/)
      await visit.field.pressSequentially('What a terrible film')
      await visit.says(/^1 text: 1 NEGATIVE\.$/)
    },
  },
  {
    name: 'asks for the last of what is typed in a hurry',
    async run(visit) {
      await visit.home()
      const asked: string[] = []
      visit.page.on('request', (request) => asked.push(request.postData() ?? ''))
      await visit.field.fill('')
      await visit.field.pressSequentially('I like it a lot')
      await visit.says(/^1 text: 1 POSITIVE\.$/)
      assert.ok(asked.length < 6, `${asked.length} requests`)
    },
  },
  {
    name: 'drops the answer to what is no longer there',
    async run(visit) {
      await visit.home()
      await visit.stub((body) =>
        body.includes('old')
          ? { status: 200, body: '{"predictions":[[{"label":"OLD","score":1}]]}' }
          : undefined,
      )
      await visit.field.fill('old')
      await visit.field.press('Control+Enter')
      await visit.classify('I love it.')
      assert.equal(await visit.rows.locator('strong', { hasText: 'OLD' }).count(), 0)
    },
  },
  {
    name: 'waits for the button where typing is not to be answered',
    async run(visit) {
      await visit.home()
      await visit.page.getByLabel('as I type').uncheck()
      await visit.field.fill('I hate it.')
      await visit.page.waitForTimeout(600)
      assert.equal(await visit.rows.count(), 3)
      await visit.page.getByRole('button', { name: 'Classify', exact: false }).first().click()
      await visit.says(/^1 text: 1 NEGATIVE\.$/)
    },
  },
  {
    name: 'keeps the focus where it was: Enter on the button, Ctrl+Enter in the field',
    async run(visit) {
      await visit.home()
      const button = visit.page.locator('#form button[type=submit]')
      await button.focus()
      await button.press('Enter')
      await visit.says(/^3 texts: /)
      assert.equal(await button.evaluate((one) => one === one.ownerDocument.activeElement), true)
      await visit.classify('One.', 'Two.')
      assert.equal(await visit.focused(), 'texts')
    },
  },
  {
    name: 'marks the words that push, by more than colour',
    async run(visit) {
      await visit.home()
      await visit.classify('The soup was cold and the waiter did not care.')
      const mark = visit.rows.first().locator('mark').first()
      await mark.waitFor()
      assert.equal(await styleOf(mark, 'text-decoration-style'), 'wavy')
      assert.match((await visit.rows.first().locator('.reason').textContent()) ?? '', /−\d+/)
    },
  },
  {
    name: 'says where it is unsure, by the bounds of the card',
    async run(visit) {
      await visit.home()
      await visit.stub((body) => {
        const scores = [0.6, 0.4].map((score, i) => ({ label: ['NEGATIVE', 'POSITIVE'][i], score }))
        return body.includes('middling')
          ? { status: 200, body: JSON.stringify({ predictions: [scores] }) }
          : undefined
      })
      await visit.classify('middling')
      assert.match(
        (await visit.rows.first().locator('.answer').textContent()) ?? '',
        /Unsure.*60\.0 % NEGATIVE/,
      )
      assert.match((await visit.page.locator('#legend').textContent()) ?? '', /unsure 25–75 %/)
    },
  },
  {
    name: 'has verdicts and scales below each other',
    async run(visit) {
      await visit.home()
      await visit.classify(
        'Short.',
        'A text that is a good deal longer than the one before it.',
        'Bad.',
      )
      const places: string[] = []
      for (const track of await visit.rows.locator('.track').all()) {
        const box = await track.boundingBox()
        places.push(`${Math.round(box?.x ?? 0)} ${Math.round(box?.width ?? 0)}`)
      }
      assert.equal(places.length, 3)
      assert.equal(new Set(places).size, 1)
    },
  },
  {
    name: 'reads texts from right to left as such',
    async run(visit) {
      await visit.home()
      await visit.classify('هذا الفيلم رائع')
      await visit.rows.locator('.reason', { hasText: /\S/ }).waitFor()
      assert.equal(await styleOf(visit.rows.first().locator('.text'), 'direction'), 'rtl')
    },
  },
  {
    name: 'shows where reading ends in a text that is too long',
    // It asks which beginnings of the text are read as a whole, and is told that some are not.
    failsOnPurpose: true,
    async run(visit) {
      await visit.home()
      await visit.classify('good '.repeat(700).trim())
      await visit.page.getByRole('button', { name: 'Show where reading ends' }).click()
      await visit.page.locator('.cut').waitFor()
      const unread = (await visit.page.locator('.unread').textContent()) ?? ''
      // 510 of 700 words are read: [CLS] and [SEP] are tokens too.
      assert.equal(unread.trim().split(/\s+/).length, 190)
    },
  },
  {
    name: 'says which line is too long, and answers the others',
    async run(visit) {
      await visit.home()
      await visit.field.fill(`I love it.\n${'a'.repeat(20_001)}`)
      await visit.field.press('Control+Enter')
      await visit.says(/^2 texts: 1 POSITIVE, 1 without an answer\.$/)
      assert.match(
        (await visit.rows.nth(1).textContent()) ?? '',
        /Line 2: Longer than 20,000 characters/,
      )
    },
  },
  {
    name: 'answers more lines than a request may have',
    async run(visit) {
      await visit.home()
      const lines = Array.from({ length: 300 }, (_, i) => `Room ${i} was lovely.`)
      await visit.classify(...lines)
      assert.equal(await visit.rows.count(), 300)
    },
  },
  {
    name: 'takes markup for the text that it is',
    async run(visit) {
      await visit.home()
      const hostile = '<img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}'
      await visit.classify(hostile)
      assert.equal(await visit.rows.first().locator('.text').textContent(), hostile)
      assert.equal(await visit.page.locator('#answers img, #answers script').count(), 0)
    },
  },
  {
    name: 'has a bar for each of three labels',
    async run(visit) {
      const labels = ['negative', 'neutral', '<b>positive</b>']
      await visit.page.route('**/info', async (route) => {
        const body = await (await route.fetch()).json()
        body.model = { ...body.model, labels, card: null }
        await route.fulfill({ json: body })
      })
      await visit.stub((body) => {
        const { text }: { text: string[] } = JSON.parse(body)
        const scores = labels.map((label, i) => ({ label, score: [0.2, 0.7, 0.1][i] }))
        return { status: 200, body: JSON.stringify({ predictions: text.map(() => scores) }) }
      })
      await visit.page.goto('/')
      await visit.says(/^3 texts: 3 neutral\.$/)
      assert.equal(await visit.rows.first().locator('.bars li').count(), 3)
      assert.equal(await visit.page.locator('.track').count(), 0)
    },
  },
]
