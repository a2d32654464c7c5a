import fc from 'fast-check'
import { expect, it } from 'vitest'
import { settled } from '../fakes.ts'
import { clientOf, problem, realApp, scoreOf } from './serving.ts'

const kinds = fc.array(fc.constantFrom('text', 'text', 'text', 'blank', 'poison'), {
  maxLength: 60,
})
const fates = fc.array(fc.constantFrom('well', 'well', 'slow', 'refused', 'lost'), {
  maxLength: 40,
})

/** A client whose requests meet these fates, one after the other, and then fare well. */
function clientWith(fates: string[]) {
  const app = realApp()
  return clientOf(
    async (url, init) => {
      const fate = fates.shift()
      if (fate === 'slow') await settled()
      if (fate === 'lost') throw new TypeError('fetch failed')
      return fate === 'refused'
        ? problem(429, 'overloaded', { 'retry-after': '0' })
        : await app(url, init)
    },
    { retries: 1000 },
  ).client
}

it('a stream has the row of each text in its place, whatever happens to requests', () =>
  fc.assert(
    fc.asyncProperty(
      kinds,
      fates,
      fc.integer({ min: 1, max: 20 }),
      async (kinds, fates, window) => {
        const texts = kinds.map((kind, i) => (kind === 'blank' ? ' ' : `${kind} ${i}`))
        const expected = kinds.map((kind, i) => {
          if (kind === 'text') return scoreOf(`text ${i}`)
          return kind === 'blank' ? 'invalid_request' : 'internal'
        })
        const rows: unknown[] = []
        for await (const { index, text, prediction, error } of clientWith(fates).stream(texts, {
          window,
        })) {
          expect([index, text]).toEqual([rows.length, texts[index]])
          rows.push(error?.code ?? prediction?.scores[1]?.score)
        }
        expect(rows).toEqual(expected)
      },
    ),
    { numRuns: 60 },
  ))
