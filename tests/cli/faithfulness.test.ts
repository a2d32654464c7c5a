import { describe, expect, it } from 'vitest'
import { explained } from '../../app/classifier/explained.ts'
import { type Explaining, faithfulnessLines, faithfulnessOf } from '../../cli/faithfulness.ts'
import type { Tree } from '../../model/evaluation/trees.ts'
import { createCall } from '../fakes.ts'

/** What the words are worth to a model. */
type Worth = Record<string, number>

/** A model that adds up words. */
function adding(worth: Worth): Explaining {
  const scoreOf = (text: string) =>
    text.split(' ').reduce((sum, word) => sum + (worth[word] ?? 0), 0.5)
  const explain = explained(
    async (texts) =>
      texts.map((text) => ({
        scores: [1 - scoreOf(text), scoreOf(text)],
        truncated: false,
        source: 'model',
      })),
    { labels: ['NEGATIVE', 'POSITIVE'], maxWords: 64, readWords: 64, maxChars: 1e6 },
  )
  return {
    explain: async (texts) =>
      (await explain(1)(texts, createCall())).map(({ explanation }) => explanation),
    scores: async (texts) => texts.map(scoreOf),
  }
}

/** A sentence with a level for each word. */
function tree(words: Record<string, number>): Tree {
  let from = 0
  const leaves = Object.entries(words).map(([word, level]) => {
    const leaf = { from, to: from + word.length, level }
    from += word.length + 1
    return leaf
  })
  return { text: Object.keys(words).join(' '), level: 4, leaves }
}

const TREES = [
  tree({ a: 2, great: 4, film: 2, with: 2, wit: 3 }),
  tree({ an: 2, awful: 0, and: 2, dull: 1, thing: 2 }),
]
const LIKE_PEOPLE = { great: 0.25, wit: 0.125, awful: -0.25, dull: -0.125 }

describe('the faithfulness of explanations', () => {
  it('is how far the score falls without the words that push most', async () => {
    const { falls, sentences } = await faithfulnessOf(TREES, adding(LIKE_PEOPLE))
    // Of five words the first, the first, and the first three.
    expect(falls).toEqual([0.25, 0.25, 0.375])
    expect(sentences).toBe(2)
  })

  it('is compared with words that are drawn at random, the same in each run', async () => {
    const first = await faithfulnessOf(TREES, adding(LIKE_PEOPLE))
    const second = await faithfulnessOf(TREES, adding(LIKE_PEOPLE))
    expect(second).toEqual(first)
    expect(first.randomFalls[0]).toBeLessThan(0.25)
  })

  it('says how like they are to what people say', async () => {
    expect(await faithfulnessOf(TREES, adding(LIKE_PEOPLE))).toMatchObject({
      auroc: 1,
      sameSign: 1,
      signs: 4,
    })
    const other = { ...LIKE_PEOPLE, wit: -0.125, film: 0.25 }
    const { auroc, sameSign } = await faithfulnessOf(TREES, adding(other))
    expect(sameSign).toBe(0.75)
    expect(auroc).toBeLessThan(1)
  })

  it('is told in three lines', async () => {
    const lines = faithfulnessLines('dev.txt', await faithfulnessOf(TREES, adding(LIKE_PEOPLE)))
    expect(lines).toContain('dev.txt: 2 sentences')
    expect(lines).toContain('falls by 0.250, 0.250, 0.375 (mean 0.292)')
    expect(lines).toContain('100 % of 4 that push')
  })
})
