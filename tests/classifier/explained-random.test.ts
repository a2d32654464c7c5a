import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Classify, Prediction } from '../../app/classifier/classify.ts'
import { explained } from '../../app/classifier/explained.ts'
import { createCall, LABELS } from '../fakes.ts'

const MAX_WORDS = 5
const MOST_PASSAGES = 16

/** Any text has its own score. */
const scoreOf = (text: string) => [...text].reduce((sum, c) => (sum * 31 + c.length) % 97, 7) / 97

const toPrediction = (text: string): Prediction => ({
  scores: [1 - scoreOf(text), scoreOf(text)],
  truncated: false,
  source: 'model',
})

const word = fc.oneof(
  fc.constantFrom(
    'good',
    "isn't",
    '!',
    '. ',
    '…',
    '😀',
    '👨‍👩‍👧',
    '電影',
    '\u0301',
    '\u200d',
    '\n',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
)
const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(' '))

async function explain(texts: string[]) {
  const asked: string[] = []
  const classify: Classify = async (list) => {
    asked.push(...list)
    return list.map(toPrediction)
  }
  const options = { labels: LABELS, maxWords: MAX_WORDS, readWords: 40, maxChars: 1e6 }
  return { asked, predictions: await explained(classify, options)(1)(texts, createCall()) }
}

it('explains any texts, each as if it were alone, with bounded work', async () => {
  const property = fc.asyncProperty(fc.array(text, { maxLength: 4 }), async (texts) => {
    const { asked, predictions } = await explain(texts)
    expect(asked.length).toBeLessThanOrEqual(texts.length * (1 + MOST_PASSAGES + MAX_WORDS))
    for (const [i, one] of texts.entries()) {
      const alone = await explain([one])
      expect(predictions[i]).toEqual(alone.predictions[0] ?? toPrediction(one))
    }
  })
  await fc.assert(property, { numRuns: 200 })
})

it('has words that are parts of their text, in order, none twice', async () => {
  const property = fc.asyncProperty(text, async (one) => {
    const { explanation } = (await explain([one])).predictions[0] ?? {}
    let end = 0
    for (const { from, to, text: word, push } of explanation?.words ?? []) {
      expect(from).toBeGreaterThanOrEqual(end)
      expect(to).toBeGreaterThan(from)
      expect(word).toBe(one.slice(from, to))
      expect(Math.abs(push)).toBeLessThanOrEqual(1)
      end = to
    }
    expect(end).toBeLessThanOrEqual(one.length)
  })
  await fc.assert(property, { numRuns: 300 })
})
