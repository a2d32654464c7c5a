// Smoke test of a running service: `npm run smoke -- https://host [--model id]`

import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'

const TEXTS = ['I love you.', 'I hate you.']
const PAUSE_MS = 2000

const Info = z.object({ version: z.string(), model: z.object({ id: z.string() }) })
const Answer = z.object({
  predictions: z.array(z.tuple([z.object({ score: z.number() }), z.object({ score: z.number() })])),
})

/** Checks the service at an address; returns a summary, or throws an error that says what is wrong. */
async function look(address: string, model: string | undefined): Promise<string> {
  const info = Info.parse(await (await ask(address, '/info')).json())
  if (model && info.model.id !== model) throw new Error(`runs ${info.model.id}, not ${model}`)

  const body = JSON.stringify({ text: TEXTS })
  const headers = { 'content-type': 'application/json' }
  const first = await ask(address, '/predict', { method: 'POST', headers, body })
  const { predictions } = Answer.parse(await first.json())
  const positive = predictions.map(([, { score }]) => score > 0.5)
  if (`${positive}` !== 'true,false')
    throw new Error(`unexpected predictions: ${TEXTS} are positive: ${positive}`)
  return `${info.model.id}, version ${info.version}, X-Cache ${first.headers.get('x-cache')}`
}

async function ask(address: string, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(new URL(path, address), {
    ...init,
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) throw new Error(`${path} responds ${response.status}`)
  return response
}

/** Retries, because DNS and certificates may take a while. */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { model: { type: 'string' }, attempts: { type: 'string', default: '30' } },
  })
  const [address] = positionals
  if (!address) throw new Error('usage: npm run smoke -- ADDRESS [--model ID] [--attempts N]')
  for (let left = Number(values.attempts) - 1; ; left--) {
    try {
      process.stdout.write(`ok: ${address}: ${await look(address, values.model)}\n`)
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
