import { z } from 'zod'
import type { Classify } from '../../app/classifier/classify.ts'
import { AppError } from '../../app/errors.ts'
import { type ClientOptions, type Fetch, PolarityClient } from '../../client/src/index.ts'
import { createTestApp } from '../fakes.ts'

const Body = z.looseObject({ text: z.array(z.string()) })

/** The texts of a request to `/predict`. */
export const textsOf = ({ body }: RequestInit): string[] =>
  Body.parse(JSON.parse(String(body))).text

/** The real app, around a classifier that gives each text a score of its own. It takes 4 texts of 200 characters. */
export function realApp(classify: Classify = classifyByNumber, env: Record<string, string> = {}) {
  const app = createTestApp({ classify }, env)
  return async (url: string, init: RequestInit) => await app.request(url, init)
}

/** `text 7` is positive by 0.007. */
export const scoreOf = (text: string): number => Number(/\d+/.exec(text)?.[0] ?? 0) / 1000

/** Breaks at the word `poison`, and does not answer `late`. */
const classifyByNumber: Classify = async (texts) => {
  if (texts.some((text) => text.includes('poison'))) throw new Error('poisoned')
  if (texts.some((text) => text.includes('late')))
    throw new AppError('deadline_exceeded', 'The response was not ready in time.')
  return texts.map((text) => {
    const score = scoreOf(text)
    return { scores: [1 - score, score], truncated: text.length > 100, source: 'model' }
  })
}

interface Asked {
  readonly url: string
  readonly init: RequestInit
}

/** A client whose requests are recorded, before `serve` answers them. They fail once they are aborted. */
export function clientOf(serve: Fetch = realApp(), options: ClientOptions = {}) {
  const asked: Asked[] = []
  const fetch: Fetch = async (url, init) => {
    asked.push({ url, init })
    return await Promise.race([serve(url, init), abortOf(init.signal)])
  }
  const client = new PolarityClient('http://polarity.test', { backoffMs: 0, fetch, ...options })
  return {
    client,
    asked,
    /** The texts of each request to `/predict`. */
    sent: () => asked.filter(({ init }) => init.body).map(({ init }) => textsOf(init)),
  }
}

/** Rejects once the signal is aborted, as `fetch` does. */
function abortOf(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason))
  })
}

/** Answers `/info` as the app does, and `/predict` with what `answer` makes of the texts and the number of the request. */
export function scripted(
  answer: (texts: string[], nth: number) => Response | Promise<Response>,
): Fetch {
  const app = realApp()
  let count = 0
  return async (url, init) =>
    url.endsWith('/predict') ? await answer(textsOf(init), count++) : await app(url, init)
}

/** What the service answers to these texts. */
export const answerTo = (texts: readonly string[]): Response =>
  Response.json({
    predictions: texts.map((text) => [
      { label: 'NEGATIVE', score: 1 - scoreOf(text) },
      { label: 'POSITIVE', score: scoreOf(text) },
    ]),
  })

/** A problem of the service. */
export const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  Response.json(
    {
      type: `urn:polarity:problem:${code}`,
      title: 'Title',
      status,
      detail: `It is ${code}.`,
      code,
      request_id: 'req-1',
    },
    { status, headers: { 'content-type': 'application/problem+json', ...headers } },
  )

/** What a gateway says whose service is away. */
export const html = (status: number) => new Response('<h1>Bad Gateway</h1>', { status })

/** As `fetch` fails where nobody listens. */
export function refused(): never {
  throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })
}
