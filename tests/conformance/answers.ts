import { equal, match, ok } from 'node:assert/strict'
import { z } from 'zod'
import { type Check, unseen } from './target.ts'

/** How much the scores of one text may differ between batches. */
const TOLERANCE = 1e-5

const Served = z.object({ model: z.object({ digest: z.string() }) })

/** Checks of successful responses of `POST /predict` and their headers. */
export const ANSWERS: readonly Check[] = [
  {
    name: 'every label of each text, in class order, with the correct prediction',
    async run(target) {
      const [hate = [], love = []] = await target.predict(['I hate you.', 'I love you.'])
      for (const prediction of [hate, love]) {
        equal(prediction.map(({ label }) => label).join(), 'NEGATIVE,POSITIVE')
      }
      ok((hate[0]?.score ?? 0) > 0.5, 'hate is not negative')
      ok((love[1]?.score ?? 0) > 0.5, 'love is not positive')
    },
  },
  {
    name: 'scores that sum to 1 and are not rounded',
    async run(target) {
      const [prediction = []] = await target.predict(['A charming and often affecting journey.'])
      const sum = prediction.reduce((total, { score }) => total + score, 0)
      ok(Math.abs(sum - 1) < TOLERANCE, `they sum to ${sum}`)
      for (const { score } of prediction) ok(String(score).length > 6, `${score} is rounded`)
    },
  },
  {
    name: 'an empty list for an empty list',
    async run(target) {
      equal(await (await target.ask([])).text(), '{"predictions":[]}')
    },
  },
  {
    name: 'a body without a Content-Type, read as JSON',
    async run(target) {
      const body = new TextEncoder().encode('{"text":["I love you!"]}')
      equal((await target.send(body, {})).status, 200)
    },
  },
  {
    name: "a body with curl's default Content-Type, read as JSON",
    async run(target) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      equal((await target.send('{"text":["I love you!"]}', headers)).status, 200)
    },
  },
  {
    name: 'a body with a +json Content-Type',
    async run(target) {
      const headers = { 'content-type': 'application/vnd.api+json; charset=utf-8' }
      equal((await target.send('{"text":["I love you!"]}', headers)).status, 200)
    },
  },
  {
    name: 'a hundred texts in order, with duplicates',
    async run(target) {
      const word = (i: number) => (i % 3 === 0 ? 'dreadful' : 'wonderful')
      const suffix = unseen('')
      const texts = Array.from({ length: 100 }, (_, i) => `${word(i)} ${i % 7}${suffix}`)
      const predictions = await target.predict(texts)
      equal(predictions.length, texts.length)
      const first = new Map<string, number>()
      for (const [i, text] of texts.entries()) {
        const score = predictions[i]?.[1]?.score ?? Number.NaN
        equal(score, first.get(text) ?? score, `"${text}" has two scores`)
        equal(score > 0.5, text.startsWith('wonderful'), `"${text}" has another text's score`)
        first.set(text, score)
      }
    },
  },
  {
    name: 'the same scores for a text, alone or in a batch',
    async run(target) {
      const end = unseen('')
      const texts = Array.from(
        { length: 12 },
        (_, i) => `${'It was, all in all, not bad. '.repeat(1 + 3 * i)}${end}`,
      )
      const together = await target.predict(texts)
      for (const [i, text] of texts.entries()) {
        // Trailing spaces change the cache key, but not the tokens.
        const difference = Math.abs(
          (await target.positive(`${text}  `)) - (together[i]?.[1]?.score ?? 0),
        )
        ok(difference <= TOLERANCE, `the score of text ${i} differs by ${difference}`)
      }
    },
  },
  {
    name: 'a thousand texts',
    async run(target) {
      equal((await target.predict(Array(1000).fill('the same sentence'))).length, 1000)
    },
  },
  {
    name: 'X-Cache: MISS, HIT and PARTIAL',
    async run(target) {
      const known = unseen('first')
      const seen: (string | null)[] = []
      for (const texts of [[known], [known], [known, unseen('second')]]) {
        const response = await target.ask(texts)
        await response.text()
        seen.push(response.headers.get('x-cache'))
      }
      equal(seen.join(), 'MISS,HIT,PARTIAL')
    },
  },
  {
    name: 'X-Request-Id: generated, or the valid one of the request',
    async run(target) {
      const idFor = async (id?: string) => {
        const headers = { 'content-type': 'application/json', ...(id && { 'x-request-id': id }) }
        return (await target.send('{"text":["a"]}', headers)).headers.get('x-request-id') ?? ''
      }
      match(await idFor(), /^[\w-]{8,}$/)
      equal(await idFor('req-42'), 'req-42')
      match(await idFor(`<script>${'x'.repeat(400)}`), /^[\w-]{8,64}$/)
    },
  },
  {
    name: 'Server-Timing',
    async run(target) {
      const response = await target.ask([unseen('timing')])
      match(response.headers.get('server-timing') ?? '', /\btotal;dur=\d/)
    },
  },
  {
    name: 'X-Model-Digest: the first digits of the digest in /info',
    async run(target) {
      const { model } = Served.parse(await (await target.get('/info')).json())
      const response = await target.send('{"text":["a"]}')
      equal(response.headers.get('x-model-digest'), model.digest.slice(0, 16))
    },
  },
  {
    name: 'X-Truncated: the indexes of truncated texts; absent if there are none',
    async run(target) {
      const truncatedIn = async (...texts: string[]) => {
        const response = await target.ask(texts)
        equal(response.status, 200)
        return response.headers.get('x-truncated')
      }
      equal(
        await truncatedIn('short', 'word '.repeat(900), 'short too', 'long '.repeat(700)),
        '1,3',
      )
      equal(await truncatedIn('short'), null)
    },
  },
]
