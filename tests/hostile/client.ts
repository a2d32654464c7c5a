import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** An answer; status 0 if there was none. */
export interface Answer {
  readonly status: number
  readonly ms: number
  readonly text: string
  readonly headers: NodeJS.Dict<string | string[]>
}

/** Several values are several lines. */
export type Headers = Record<string, string | string[]>

interface Question {
  readonly path?: string
  readonly method?: string
  readonly headers?: Headers
  readonly body?: string | Buffer
  readonly timeoutMs?: number
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })

/** One request; never rejects. `node:http`, because `fetch` lets nobody set Host, Expect or Content-Length. */
export function ask(url: string, question: Question = {}): Promise<Answer> {
  const { path = '/health', headers = {}, body, timeoutMs = 60_000 } = question
  const method = question.method ?? (body === undefined ? 'GET' : 'POST')
  const length = body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` }
  const startedAt = performance.now()
  const none = () => ({ status: 0, ms: performance.now() - startedAt, text: '', headers: {} })

  return new Promise((resolve) => {
    const sent = request(new URL(path, url), { agent, method, headers: { ...length, ...headers } })
    const timer = setTimeout(() => sent.destroy(), timeoutMs)
    const end = (answer: Answer) => {
      clearTimeout(timer)
      resolve(answer)
    }
    sent.on('error', () => end(none()))
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', () => end(none()))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const ms = performance.now() - startedAt
        end({ status: response.statusCode ?? 0, ms, text, headers: response.headers })
      })
    })
    sent.end(body)
  })
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** `POST /predict` with these texts. */
export const predict = (
  url: string,
  text: readonly string[],
  headers: Headers = {},
): Promise<Answer> => send(url, JSON.stringify({ text }), { headers })

/** `POST /predict` with this body. */
export const send = (
  url: string,
  body: string | Buffer,
  { headers, timeoutMs = 60_000 }: Pick<Question, 'headers' | 'timeoutMs'> = {},
): Promise<Answer> =>
  ask(url, { path: '/predict', headers: { ...JSON_TYPE, ...headers }, body, timeoutMs })

/** Asks again and again, one request after the other, until stopped; resolves with all answers. */
export function askOn(once: (number: number) => Promise<Answer>, everyMs: number) {
  let stopped = false
  const run = async () => {
    const answers: Answer[] = []
    while (!stopped) {
      answers.push(await once(answers.length))
      await sleep(everyMs)
    }
    return answers
  }
  const running = run()
  return {
    async stop(): Promise<Answer[]> {
      stopped = true
      return await running
    },
  }
}

let number = 0
/** A text that is in no cache. */
export const unseen = (): string => `A fresh text, number ${number++} of ${performance.timeOrigin}.`

/** How often each status came, such as `20 x 200, 3 x 429`. */
export function tally(answers: readonly Answer[]): string {
  const counts = new Map<number, number>()
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1)
  const sorted = [...counts].sort(([a], [b]) => a - b)
  return sorted.map(([status, count]) => `${count} x ${status || 'none'}`).join(', ') || 'nothing'
}

export const all = (answers: readonly Answer[], ...statuses: readonly number[]): boolean =>
  answers.every(({ status }) => statuses.includes(status))
