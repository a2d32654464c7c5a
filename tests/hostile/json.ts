import { ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { type Answer, all, ask, askOn, send, tally } from './client.ts'
import type { Circumstances, Part } from './part.ts'

const BYTES = 1_990_000
const REPEATS = 3
/** Of `/health` while one body is read. */
const HEALTH_MS = 50

const times = (part: string, spent = 0) => part.repeat(Math.floor((BYTES - spent) / part.length))
const many = (make: (number: number) => string, count: number) =>
  Array.from({ length: count }, (_, i) => make(i)).join(',')

/** Bodies that cost the most to parse for their length. */
const BODIES: Record<string, () => string> = {
  'brackets that are never closed': () => times('['),
  'arrays in arrays': () => '['.repeat(BYTES / 2) + ']'.repeat(BYTES / 2),
  'objects in objects': () => `${times('{"a":', BYTES / 6)}1${'}'.repeat(BYTES / 6)}`,
  'arrays in objects in text': () => `{"text":${times('[{"a":', BYTES / 4)}1`,
  'unknown fields': () => `{"text":["a"],${many((i) => `"k${i}":1`, 120_000)}}`,
  'one field again and again': () => `{"text":["a"]${times(',"a":1', 20)}}`,
  'empty arrays': () => `{"text":[${times('[],', 20)}[]]}`,
  'empty objects': () => `{"text":[${times('{},', 20)}{}]}`,
  'empty texts': () => `{"text":[${times('"",', 20)}""]}`,
  numbers: () => `{"text":[${times('1,', 20)}1]}`,
  'one long number': () => `{"text":[${times('9', 20)}]}`,
  'one long field name': () => `{"${times('k', 20)}":1}`,
  escapes: () => `{"text":["${times('\\u0000', 20)}"]}`,
  'escaped quotes': () => `{"text":["${times('\\"', 20)}"]}`,
  'fields of a prototype': () => `{"text":["a"]${times(',"__proto__":{"a":1}', 20)}}`,
  'names like numbers': () => `{"text":["a"],${many((i) => `"${i * 7919}":1`, 120_000)}}`,
  spaces: () => `{"text":["a"]}${times(' ', 20)}`,
  'a text, then brackets': () => `{"text":["a"],"x":${times('[', 30)}`,
  'brackets within a text': () => `{"text":["${times('[{', 20)}"]}`,
}

/** JSON made to be slow, while `/health` is asked all the time. */
export const json: Part = async (circumstances) => {
  const env = { MODEL: TINY_MODEL, WORKERS: '1', DRAIN_SECONDS: '0' }
  const service = await new ServiceProcess(circumstances.runtime, env).ready()
  try {
    for (let i = 0; i < 50; i++) await ask(service.url)
    for (const [name, make] of Object.entries(BODIES))
      await sendWhileAsked(service, circumstances, { name, body: Buffer.from(make()) })
  } finally {
    await service.stop()
  }
}

async function sendWhileAsked(
  { url }: ServiceProcess,
  { runtime, report, slack }: Circumstances,
  { name, body }: { name: string; body: Buffer },
): Promise<void> {
  const calm = askOn(() => ask(url), 4)
  await new Promise((resolve) => setTimeout(resolve, 200))
  const before = max(await calm.stop())
  const health = askOn(() => ask(url), 4)
  const answers: Answer[] = []
  for (let i = 0; i < REPEATS; i++) answers.push(await send(url, body))
  const probes = await health.stop()
  const bound = (HEALTH_MS + before) * slack
  report.add({
    attack: `${runtime} json: ${name}`,
    held: max(probes) <= bound && all(probes, 200) && all(answers, 200, 400, 413, 422),
    figure: `/health at most ${max(probes).toFixed(0)} ms, ${tally(answers)}`,
    bound: `${bound.toFixed(0)} ms; 200, 400, 413 or 422`,
  })
}

const max = (answers: readonly Answer[]) => Math.max(0, ...answers.map(({ ms }) => ms))
