import { describe, expect, it } from 'vitest'
import type { Logits } from '../../model/inference.ts'
import { ModelError } from '../../model/model-error.ts'
import { checkTokenizer, type WarmUpOptions, warmUp } from '../../model/warm-up.ts'

const ROW = { text: 'good', ids: [2, 4, 3], scores: [0.5, 0.5] }

const OPTIONS: WarmUpOptions = {
  labels: ['NEGATIVE', 'POSITIVE'],
  maxTokens: 64,
  padId: 0,
  selfTest: [],
  verified: false,
}

/** A session that gives every text the logits of its length. */
const session =
  (logitsOf: (tokens: number) => number[]): Logits =>
  async ({ lengths }) =>
    lengths.map(logitsOf)

const even = session(() => [0.25, 0.25])

const refusal = (logits: Logits, options: Partial<WarmUpOptions> = {}) =>
  warmUp(logits, { ...OPTIONS, ...options }).then(
    () => 'no refusal',
    (error) => (error instanceof ModelError ? error.message : error),
  )

describe('the warm-up', () => {
  it('gives sessions that compute the same bits one numerics class', async () => {
    const one = await warmUp(
      session((tokens) => [tokens, 1]),
      OPTIONS,
    )
    const other = await warmUp(
      session((tokens) => [tokens, 1]),
      OPTIONS,
    )
    expect(one.numerics).toMatch(/^[0-9a-f]{8}$/)
    expect(other.numerics).toBe(one.numerics)
  })

  it('gives another class to a session that differs in the last bit for one length alone', async () => {
    const nearly = session((tokens) => [0.25, tokens === 31 ? 0.25 + 2 ** -25 : 0.25])
    const classes = [await warmUp(even, OPTIONS), await warmUp(nearly, OPTIONS)]
    expect(classes[0]?.numerics).not.toBe(classes[1]?.numerics)
  })

  it.each([
    { verified: false, shapes: [[3], [17], [31], [33], [64]] },
    { verified: true, shapes: [[3], [17], [31], [33]] },
  ])(
    'runs each text alone, the longest if the files are not verified: $verified',
    async (given) => {
      const shapes: (readonly number[])[] = []
      const logits: Logits = async (rows) => {
        shapes.push(rows.lengths)
        return even(rows)
      }
      await warmUp(logits, { ...OPTIONS, verified: given.verified })
      expect(shapes).toEqual(given.shapes)
    },
  )

  it('refuses weights that can’t run as many tokens as config.json allows', async () => {
    const short: Logits = async (rows) => {
      if (rows.ids.length > 50) throw new Error('indices out of bounds\nwith a second line')
      return even(rows)
    }
    expect(await refusal(short)).toBe(
      "a text of 64 tokens can't be run, and config.json allows 64: indices out of bounds",
    )
  })

  it('refuses as many logits as there are no labels for', async () => {
    expect(await refusal(session(() => [1, 2, 3]))).toBe(
      'config.json has 2 labels (NEGATIVE, POSITIVE), the weights 3 logits',
    )
  })

  it.each([
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
    [Number.NEGATIVE_INFINITY, 1],
  ])('refuses the logits %d and %d', async (...logits) => {
    expect(await refusal(session(() => logits))).toMatch('not finite')
  })

  it('tells how far the scores are from the stored ones', async () => {
    const selfTest = [ROW, { ...ROW, scores: [0.51, 0.49] }]
    const { selfTestDifference } = await warmUp(even, { ...OPTIONS, selfTest })
    expect(selfTestDifference).toBeCloseTo(0.01, 10)
  })

  it('refuses scores that are further from the stored ones than CPUs can be', async () => {
    const selfTest = [ROW, { ...ROW, scores: [0.6, 0.4] }]
    expect(await refusal(even, { selfTest })).toMatch(
      'differ from those in self-test.jsonl by 0.100',
    )
  })
})

describe('a tokenizer', () => {
  const reading = (ids: Record<string, number[]>) => ({
    encode: (text: string) => ({ ids: ids[text] ?? [1], truncated: false }),
  })

  it('passes that reads the stored texts as the stored tokens', () => {
    expect(() => checkTokenizer(reading({ good: [2, 4, 3] }), [ROW])).not.toThrow()
  })

  it('is refused that reads them as others', () => {
    const check = () => checkTokenizer(reading({ good: [2, 5, 3] }), [ROW])
    expect(check).toThrow('reads the self-test as other tokens')
  })

  it('is refused that knows no word', () => {
    expect(() => checkTokenizer(reading({}), [])).toThrow('"good" and "bad" as the same tokens')
  })
})
