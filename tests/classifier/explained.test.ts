import { describe, expect, it } from 'vitest'
import type { Classify, Prediction } from '../../app/classifier/classify.ts'
import { explained } from '../../app/classifier/explained.ts'
import { createCall, LABELS } from '../fakes.ts'
import { rejection } from '../rejection.ts'

const WORTH: Record<string, number> = { love: 0.25, great: 0.125, hate: -0.25, bad: -0.125 }

/** A model that adds up what words are worth, and records the lists that it is asked for. */
function adding() {
  const lists: (readonly string[])[] = []
  const classify: Classify = async (texts) => {
    lists.push(texts)
    return texts.map((text): Prediction => {
      const worth = text.split(/\W+/).reduce((sum, word) => sum + (WORTH[word] ?? 0), 0)
      return { scores: [0.5 - worth, 0.5 + worth], truncated: false, source: 'model' }
    })
  }
  return { lists, classify }
}

const POSITIVE = 1
const LIMITS = { labels: LABELS, maxWords: 6, readWords: 64, maxChars: 100_000 }

async function explain(texts: string[], { label = POSITIVE, limits = LIMITS } = {}) {
  const { lists, classify } = adding()
  const predictions = await explained(classify, limits)(label)(texts, createCall())
  return { lists, predictions, explanations: predictions.map(({ explanation }) => explanation) }
}

describe('an explanation', () => {
  it('says how far each word pushes the score', async () => {
    const { explanations } = await explain(['I love bad films.'])
    expect(explanations).toEqual([
      {
        label: 'POSITIVE',
        base: 0.625,
        words: [
          { from: 0, to: 1, text: 'I', push: 0 },
          { from: 2, to: 6, text: 'love', push: 0.25 },
          { from: 7, to: 10, text: 'bad', push: -0.125 },
          { from: 11, to: 16, text: 'films', push: 0 },
        ],
      },
    ])
  })

  it('is of the label that is asked for', async () => {
    const [explanation] = (await explain(['I hate it'], { label: 0 })).explanations
    expect(explanation).toMatchObject({ label: 'NEGATIVE', base: 0.75 })
    expect(explanation?.words[1]).toEqual({ from: 2, to: 6, text: 'hate', push: 0.25 })
  })

  it('comes with the prediction, one per text, in order', async () => {
    const { predictions } = await explain(['love', 'hate', 'love'])
    expect(predictions.map(({ scores }) => scores[1])).toEqual([0.75, 0.25, 0.75])
    expect(predictions.map(({ explanation }) => explanation?.words[0]?.push)).toEqual([
      0.25, -0.25, 0.25,
    ])
  })

  it('counts in UTF-16 code units', async () => {
    const { explanations } = await explain(['😀😀 love'])
    expect(explanations[0]?.words.map(({ from, to }) => [from, to])).toEqual([
      [0, 2],
      [2, 4],
      [5, 9],
    ])
  })

  it.each(['!!!', ':-)'])('of %j, which has no words, has none', async (text) => {
    expect((await explain([text])).explanations[0]?.words).toEqual([])
  })

  it('asks for a text and all its variants at once', async () => {
    const { lists } = await explain(['love it', 'hate'])
    expect(lists).toEqual([['love it', 'hate', 'it', 'love', '']])
  })

  it('asks for no list of texts that is empty', async () => {
    expect((await explain([])).explanations).toEqual([])
  })
})

describe('an explanation of a text with too many words', () => {
  const long = 'It is so so. I love it all! A film of this kind. So bad it is.'

  it('says how far its sentences push', async () => {
    const { explanations } = await explain([long])
    const passages = explanations[0]?.passages ?? []
    expect(passages.map(({ from, to }) => long.slice(from, to))).toEqual([
      'It is so so. ',
      'I love it all! ',
      'A film of this kind. ',
      'So bad it is',
    ])
    expect(passages.map(({ push }) => push)).toEqual([0, 0.25, 0, -0.125])
  })

  it('says how far the words of the strongest push, in the order of the text', async () => {
    const { explanations } = await explain([long])
    const pushes = explanations[0]?.words.map(({ text, push }) => [text, push])
    expect(pushes).toEqual([
      ['I', 0],
      ['love', 0.25],
      ['it', 0],
      ['all', 0],
      ['So', 0],
      ['bad', -0.125],
    ])
  })

  it('takes the first of sentences that push alike, but for what batches change', async () => {
    const { classify } = adding()
    const shaken: Classify = async (texts, call) =>
      (await classify(texts, call)).map((one, i) => ({
        ...one,
        scores: one.scores.map((score) => score - i * 1e-8),
      }))
    const same = 'I love it all here now. '.repeat(4)
    const [prediction] = await explained(shaken, LIMITS)(POSITIVE)([same], createCall())
    expect(prediction?.explanation.words.map(({ from }) => from)).toEqual([0, 2, 7, 10, 14, 19])
  })

  it('asks twice, and for no more than passages and words', async () => {
    const { lists } = await explain([long, 'love'])
    expect(lists.map(({ length }) => length)).toEqual([2 + 4 + 1, 6])
  })

  it('has 16 passages at most, of many sentences', async () => {
    const { explanations } = await explain(['It is so. '.repeat(100)])
    expect(explanations[0]?.passages?.length).toBeLessThanOrEqual(16)
  })

  it('cuts a sentence that has no end', async () => {
    const { explanations } = await explain(['so '.repeat(20)])
    expect(explanations[0]?.passages?.map(({ from, to }) => (to - from + 1) / 3)).toEqual([
      6.333333333333333, 6.333333333333333, 6.333333333333333, 2,
    ])
  })

  it('leaves out what the model reads in no case', async () => {
    const { explanations } = await explain(['so '.repeat(100)])
    expect(explanations[0]?.passages?.at(-1)?.to).toBe(64 * 3 - 1)
  })
})

describe('explanations that would take too many characters', () => {
  it('are refused before anything is asked', async () => {
    const { classify, lists } = adding()
    const explaining = explained(classify, { ...LIMITS, maxChars: 17 })(POSITIVE)
    expect(await rejection(explaining(['one two ', 'and'], createCall()))).toMatchObject({
      code: 'payload_too_large',
    })
    expect(lists).toEqual([])
  })

  it('are given up to then', async () => {
    const exact = { ...LIMITS, maxChars: 16 }
    expect((await explain(['one two '], { limits: exact })).explanations).toHaveLength(1)
  })
})
