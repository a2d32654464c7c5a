import { z } from 'zod'
import { readSentences } from '../harness/sentences.ts'
import { toBody } from './client.ts'
import type { Target } from './load.ts'
import { partsOf } from './texts.ts'

/** Of two float32 runs of the same graph in batches of other shapes. */
const TOLERANCE = 1e-6

const Answer = z.object({
  predictions: z.array(z.array(z.object({ label: z.string(), score: z.number() }))),
})

const V2Answer = z.object({ outputs: z.array(z.object({ data: z.array(z.number()) })) })
const V2_TEXTS = 64

/**
 * The largest difference between the scores of several servers for the project's own sentences.
 * Throws if it is more than float32 explains: then they do not run the same model.
 */
export async function largestDifference(targets: readonly Target[]): Promise<number> {
  const texts = readSentences().map(({ text }) => text)
  const [first = [], ...others] = await Promise.all(
    targets.map((target) => scoresOf(target, texts)),
  )
  const differences = others.flatMap((scores) =>
    first.map((score, i) => Math.abs(score - (scores[i] ?? Number.NaN))),
  )
  const largest = Math.max(...differences)
  if (!(largest <= TOLERANCE)) throw new Error(`The scores of the servers differ by ${largest}.`)
  return largest
}

/** All scores in a row, by label within a text. */
const scoresOf = ({ url, v2Path }: Target, texts: readonly string[]) =>
  v2Path ? scoresByV2(url + v2Path, texts) : scoresByPredict(`${url}/predict`, texts)

async function scoresByPredict(url: string, texts: readonly string[]): Promise<number[]> {
  const { predictions } = Answer.parse(await post(url, toBody(texts)))
  return predictions.flatMap((prediction) =>
    prediction.toSorted((a, b) => a.label.localeCompare(b.label)).map(({ score }) => score),
  )
}

/** In parts, as a server of that protocol bounds the rows of a request. */
async function scoresByV2(url: string, texts: readonly string[]): Promise<number[]> {
  const scores: number[] = []
  for (const data of partsOf(texts, V2_TEXTS)) {
    const input = { name: 'text', datatype: 'BYTES', shape: [data.length, 1], data }
    const { outputs } = V2Answer.parse(await post(url, JSON.stringify({ inputs: [input] })))
    scores.push(...outputs.flatMap((output) => output.data))
  }
  return scores
}

async function post(url: string, body: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body })
  return await response.json()
}
