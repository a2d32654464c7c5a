import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServiceProcess } from './process.ts'

/** Counts by the clients of a load. */
export interface Tally {
  requests: number
  /** Texts in responses with status 200. */
  texts: number
  /** Distinct texts of valid requests. */
  lookups: number
}

const WORDS =
  'a fine dull story of love and loss that nobody should ever have to watch twice'.split(' ')
const HOT = ['I love you!', 'I hate you!', 'I am a Kubernetes Cluster!']
/** Pause between two requests of one client, in milliseconds. */
const PAUSE_MS = 8
/** The name of each client's API key. */
export const CLIENTS = ['reviews', 'reviews', 'reviews', 'support', 'support', 'newsletter']

const keyOf = (name: string) => `key of ${name}`

/** What `API_KEYS_FILE` has to hold for this load. */
export const keyFile = (): string =>
  [...new Set(CLIENTS)]
    .map((name) => `${name} ${createHash('sha256').update(keyOf(name)).digest('hex')}\n`)
    .join('')

/** Pseudo-random numbers in [0, 1), the same in each run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Random = () => number

const pick = (random: Random, list: readonly string[]) =>
  list[Math.floor(random() * list.length)] ?? ''

const newText = (random: Random) =>
  Array.from({ length: 3 + Math.floor(random() * 40) }, () => pick(random, WORDS)).join(' ')

/** More than the in-process cache holds, so that some are hits in Redis. */
const RECURRING = 1200

const recurringText = (random: Random) => `an old story, number ${Math.floor(random() * RECURRING)}`

/** The same text from every client for one second, so that some are coalesced. */
const topicalText = () => `what everybody asks at ${Math.floor(Date.now() / 1000)}`

/** One request: mostly cache hits, some misses, a few invalid or late, and a few very large. */
function nextRequest(random: Random) {
  const kind = random()
  const some = 1 + Math.floor(random() * 8)
  if (kind < 0.6) return { body: { text: HOT } }
  if (kind < 0.75) return { body: { text: [recurringText(random), topicalText()] } }
  if (kind < 0.9) return { body: { text: Array.from({ length: some }, () => newText(random)) } }
  if (kind < 0.92) return { body: { text: ['', 1] } }
  if (kind < 0.94) return { body: { text: [`${newText(random)} `.repeat(40)] } }
  if (kind < 0.96) return { body: { text: [newText(random)] }, timeoutMs: 1 }
  if (kind < 0.98) return { body: { text: Array.from({ length: 300 }, () => newText(random)) } }
  return { body: { text: [pick(random, HOT), newText(random)] } }
}

/** Sends load from several clients until the signal aborts. Resolves with the clients' counts. */
export async function drive(service: ServiceProcess, signal: AbortSignal): Promise<Tally> {
  const tally: Tally = { requests: 0, texts: 0, lookups: 0 }
  const client = async (name: string, seed: number) => {
    const random = createRandom(seed)
    while (!signal.aborted) {
      await ask(service.url, { ...nextRequest(random), key: keyOf(name) }, tally)
      await sleep(PAUSE_MS)
    }
  }
  await Promise.all(CLIENTS.map((name, i) => client(name, i + 1)))
  return tally
}

type Asked = ReturnType<typeof nextRequest> & { readonly key: string }

async function ask(url: string, { body, timeoutMs, key }: Asked, tally: Tally) {
  const headers = new Headers({ 'content-type': 'application/json', 'x-api-key': key })
  if (timeoutMs) headers.set('x-envoy-expected-rq-timeout-ms', String(timeoutMs))
  const response = await fetch(`${url}/predict`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  await response.arrayBuffer()
  tally.requests++
  if (response.ok) tally.texts += body.text.length
  if (response.status !== 422 && !timeoutMs) tally.lookups += new Set(body.text).size
}
