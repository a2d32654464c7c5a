import { z } from 'zod'
import { readSentences } from '../harness/sentences.ts'
import { toBody } from './client.ts'

/** Of two float32 runs of the same graph in batches of other shapes. */
const TOLERANCE = 1e-6

const Answer = z.object({
  predictions: z.array(z.array(z.object({ label: z.string(), score: z.number() }))),
})

/**
 * The largest difference between the scores of several servers for the project's own sentences.
 * Throws if it is more than float32 explains: then they do not run the same model.
 */
export async function largestDifference(urls: readonly string[]): Promise<number> {
  const texts = readSentences().map(({ text }) => text)
  const [first = [], ...others] = await Promise.all(urls.map((url) => scoresOf(url, texts)))
  const differences = others.flatMap((scores) =>
    first.map((score, i) => Math.abs(score - (scores[i] ?? Number.NaN))),
  )
  const largest = Math.max(...differences)
  if (!(largest <= TOLERANCE)) throw new Error(`The scores of the servers differ by ${largest}.`)
  return largest
}

/** All scores in a row, by label within a text. */
async function scoresOf(url: string, texts: readonly string[]): Promise<number[]> {
  const response = await fetch(`${url}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: toBody(texts),
  })
  const { predictions } = Answer.parse(await response.json())
  return predictions.flatMap((prediction) =>
    prediction.toSorted((a, b) => a.label.localeCompare(b.label)).map(({ score }) => score),
  )
}
