import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createBertTokenizer } from '../../../model/tokenizer/bert-tokenizer.ts'

const ROOT = join(import.meta.dirname, '../../..')
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'))

/** A string as it is, or up to `most` characters from `first` to `last`. */
const Fragment = z.union([z.string(), z.tuple([z.number(), z.number(), z.number()])])
const Fixture = z.object({
  seed: z.number(),
  mostFragments: z.number(),
  fragments: z.array(Fragment),
  cases: z.array(
    z.object({
      normalizer: z.record(z.string(), z.unknown()),
      count: z.number(),
      /** Six hex digits a text. */
      ids: z.string(),
    }),
  ),
})
const Contents = z.looseObject({ normalizer: z.looseObject({}) })

/** Written by model/tools/tokenizer_reference.py, which draws the same texts. */
const { seed, mostFragments, fragments, cases } = Fixture.parse(
  readJson('tests/fixtures/hostile-texts.json'),
)

/** Xorshift, as in the Python tool. */
function* randomNumbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    yield state >>> 0
  }
}

function draw(next: () => number): string {
  const count = 1 + (next() % mostFragments)
  return Array.from({ length: count }, () => drawFragment(next)).join('')
}

function drawFragment(next: () => number): string {
  const fragment = fragments[next() % fragments.length] ?? ''
  if (typeof fragment === 'string') return fragment
  const [first, last, most] = fragment
  return Array.from({ length: 1 + (next() % most) }, () =>
    String.fromCodePoint(first + (next() % (last - first + 1))),
  ).join('')
}

const digestOf = (ids: readonly number[]) =>
  createHash('sha256').update(ids.join()).digest('hex').slice(0, 6)

describe('the BERT tokenizer', () => {
  it('reads 14,000 hostile texts as the same tokens as the Python reference, in 9 settings', () => {
    const numbers = randomNumbers(seed)
    const next = () => numbers.next().value
    const contents = Contents.parse(readJson('model/sst2-minilm/tokenizer.json'))
    const differing = cases.flatMap(({ normalizer, count, ids }) => {
      const settings = { ...contents, normalizer: { ...contents.normalizer, ...normalizer } }
      const encode = createBertTokenizer(settings, {
        maxTokens: 1_000_000,
        longTexts: 'truncate',
      })
      return Array.from({ length: count }, (_, i) => {
        const text = draw(next)
        const same = digestOf(encode?.(text).ids ?? []) === ids.slice(6 * i, 6 * i + 6)
        return same ? [] : [JSON.stringify({ normalizer, text })]
      }).flat()
    })
    expect(cases.reduce((sum, { count }) => sum + count, 0)).toBe(14_000)
    expect(differing).toEqual([])
  })
})
