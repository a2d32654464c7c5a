import assert from 'node:assert/strict'
import { ERROR_CODES, PROBLEMS } from '../../../app/errors.ts'
import type { Check } from '../check.ts'
import { problem, type Stubbed, type Visit } from '../visit.ts'

const NEW = 'Something new'

/** Asks something new, once: nothing known is shown. */
const ask = async (visit: Visit) => {
  await visit.page.getByLabel('as I type').uncheck()
  await visit.field.fill(`${NEW}: ${Math.random()}`)
  await visit.field.press('Control+Enter')
}

/** Has the first requests for something new refused. */
async function refuseFirst(visit: Visit, times: number, refusal: Stubbed): Promise<void> {
  let left = times
  await visit.stub((body) => (body.includes(NEW) && left-- > 0 ? refusal : undefined))
}

/** What the page says when the service does not answer. */
export const ERRORS: readonly Check[] = [
  {
    name: 'has plain words for every error of the service',
    failsOnPurpose: true,
    async run(visit) {
      await visit.home()
      let code: (typeof ERROR_CODES)[number] = 'internal'
      await visit.stub((body) =>
        body.includes(NEW) ? problem(PROBLEMS[code].status, code) : undefined,
      )
      const busy = ['overloaded', 'rate_limited', 'not_ready', 'unauthorized']
      for (code of ERROR_CODES.filter((name) => !busy.includes(name))) {
        const before = await visit.status.textContent()
        await ask(visit)
        await visit.page.locator('#status.error').waitFor()
        const words = (await visit.status.textContent()) ?? ''
        assert.doesNotMatch(
          words,
          /About|[a-z]_[a-z]|undefined|\d{3}/,
          `${code}, after "${before}"`,
        )
        await visit.classify('I love it.')
      }
    },
  },
  {
    name: 'waits as long as the service asks for, and tries again: 429',
    failsOnPurpose: true,
    async run(visit) {
      await visit.home()
      const headers = { 'retry-after': '2' }
      await refuseFirst(visit, 1, problem(429, 'rate_limited', { headers }))
      await ask(visit)
      await visit.says(/more than this service allows in a minute\. Trying again in 2 seconds/)
      await visit.says(/^1 text: /)
    },
  },
  {
    name: 'waits while the service is replaced: 503',
    failsOnPurpose: true,
    async run(visit) {
      await visit.home()
      await refuseFirst(visit, 2, problem(503, 'not_ready'))
      await ask(visit)
      await visit.says(/busy\. Trying again in a second/)
      await visit.says(/^1 text: /)
    },
  },
  {
    name: 'keeps to the rate limit of a real service',
    service: 'limited',
    failsOnPurpose: true,
    async run(visit) {
      await visit.page.goto('/')
      await visit.says(/^3 texts: /)
      await visit.field.fill(
        Array.from({ length: 60 }, (_, i) => `${Math.random()} ${i}`).join('\n'),
      )
      await visit.field.press('Control+Enter')
      await visit.says(/more than this service allows in a minute/)
      assert.match((await visit.page.locator('#took').textContent()) ?? '', /^\d+ s$/)
    },
  },
  {
    name: 'says that a gateway answered',
    failsOnPurpose: true,
    async run(visit) {
      await visit.home()
      await visit.stub(() => ({
        status: 502,
        contentType: 'text/html',
        body: '<h1>Bad gateway</h1>',
      }))
      await ask(visit)
      await visit.says(/a gateway said 502/)
      await visit.page.unroute('**/predict')
      await visit.stub(() => ({ status: 200, contentType: 'text/html', body: '<h1>Log in</h1>' }))
      await ask(visit)
      await visit.says(/Something other than the service answered/)
    },
  },
  {
    name: 'blames the line that the service blames, and answers the others',
    failsOnPurpose: true,
    async run(visit) {
      await visit.home()
      const errors = [{ path: 'text[1]', message: 'Must not be <i>blank</i>.' }]
      await visit.stub((body) =>
        body.includes('bad one') ? problem(422, 'invalid_request', { errors }) : undefined,
      )
      await visit.field.fill('I love it so.\nbad one\nI hate it so.')
      await visit.field.press('Control+Enter')
      await visit.says(/^3 texts: .*1 without an answer/)
      assert.match(
        (await visit.rows.nth(1).textContent()) ?? '',
        /Line 2: Must not be <i>blank<\/i>\./,
      )
    },
  },
  {
    name: 'says that there is no connection, and asks again when it is back',
    failsOnPurpose: true,
    async run(visit) {
      await visit.home()
      await visit.page.context().setOffline(true)
      await visit.says(/You are offline/)
      await ask(visit)
      await visit.says(/You are offline/)
      await visit.page.context().setOffline(false)
      await visit.says(/^1 text: /)
    },
  },
  {
    name: 'says that the service is gone',
    failsOnPurpose: true,
    async run(visit) {
      await visit.home()
      await visit.page.route('**/predict', (route) => route.abort())
      await ask(visit)
      await visit.says(/could not be reached/)
    },
  },
  {
    name: 'forgets an error as soon as it asks again',
    failsOnPurpose: true,
    async run(visit) {
      await visit.home()
      await visit.stub((body) => (body.includes(NEW) ? problem(500, 'internal') : undefined))
      await ask(visit)
      await visit.page.locator('#status.error').waitFor()
      await visit.classify('I love it.')
      assert.equal(await visit.page.locator('.error').count(), 0)
    },
  },
]
