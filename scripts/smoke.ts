// Smoke test of a running service: `npm run smoke -- https://host [--model id] [--key-file file]`

import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { KEY_VARIABLE, readApiKey } from './api-key.ts'

const TEXTS = ['I love you.', 'I hate you.']
const PAUSE_MS = 2000
const USAGE = `usage: npm run smoke -- ADDRESS [--model ID] [--key-file FILE] [--attempts N]
An API key is read from FILE, or from ${KEY_VARIABLE}.`

const Info = z.object({ version: z.string(), model: z.object({ id: z.string() }) })
const Answer = z.object({
  predictions: z.array(z.tuple([z.object({ score: z.number() }), z.object({ score: z.number() })])),
})

interface Expected {
  readonly model?: string | undefined
  /** A caller's key, for a service that has API keys. */
  readonly key?: string | undefined
}

/** Checks the service at an address; returns a summary, or throws an error that says what is wrong. */
async function look(address: string, { model, key }: Expected): Promise<string> {
  const info = Info.parse(await (await ask(address, '/info')).json())
  if (model && info.model.id !== model) throw new Error(`runs ${info.model.id}, not ${model}`)

  if (key && (await predict(address)).ok) throw new Error('/predict is open: it needs no API key')
  const first = checked(await predict(address, key), '/predict')
  const { predictions } = Answer.parse(await first.json())
  const positive = predictions.map(([, { score }]) => score > 0.5)
  if (`${positive}` !== 'true,false')
    throw new Error(`unexpected predictions: ${TEXTS} are positive: ${positive}`)
  return `${info.model.id}, version ${info.version}, X-Cache ${first.headers.get('x-cache')}`
}

function predict(address: string, key?: string): Promise<Response> {
  const headers = {
    'content-type': 'application/json',
    ...(key && { authorization: `Bearer ${key}` }),
  }
  return send(address, '/predict', {
    method: 'POST',
    headers,
    body: JSON.stringify({ text: TEXTS }),
  })
}

const ask = async (address: string, path: string) => checked(await send(address, path), path)

function send(address: string, path: string, init: RequestInit = {}): Promise<Response> {
  const signal = AbortSignal.timeout(10_000)
  return fetch(new URL(path, address), { ...init, redirect: 'error', signal })
}

function checked(response: Response, path: string): Response {
  const hint = response.status === 401 ? `: set ${KEY_VARIABLE} or --key-file to a known key` : ''
  if (!response.ok) throw new Error(`${path} responds ${response.status}${hint}`)
  return response
}

/** Retries, because DNS and certificates may take a while. */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      'key-file': { type: 'string' },
      attempts: { type: 'string', default: '30' },
    },
  })
  const [address] = positionals
  if (!address) throw new Error(USAGE)
  const expected = { model: values.model, key: readApiKey(values['key-file']) }
  for (let left = Number(values.attempts) - 1; ; left--) {
    try {
      process.stdout.write(`ok: ${address}: ${await look(address, expected)}\n`)
      return
    } catch (error) {
      if (left <= 0) throw error
      process.stdout.write(`retrying: ${reasonOf(error)}\n`)
      await sleep(PAUSE_MS)
    }
  }
}

/** Includes the cause, because the message of a failed `fetch` alone says little. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

try {
  await main()
} catch (error) {
  process.stderr.write(`failed: ${reasonOf(error)}\n`)
  process.exitCode = 1
}
