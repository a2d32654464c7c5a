import { ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { ask } from './client.ts'
import type { Circumstances, Part, Runtime } from './part.ts'
import { type Exchange, exchange } from './raw-socket.ts'
import { type RawCase, rawCases } from './raw-table.ts'

/** What a runtime's own parser does, and nothing outside of it can change. */
const KNOWN: Record<Runtime, Record<string, string>> = {
  bun: { 'HTTP/2 preface': 'served' },
  node: {},
}

/** Requests that only a raw socket sends: smuggling, broken framing, and what is large. */
export const raw: Part = async (circumstances) => {
  const env = { MODEL: TINY_MODEL, WORKERS: '1', DRAIN_SECONDS: '0' }
  const service = await new ServiceProcess(circumstances.runtime, env).ready()
  try {
    for (const one of rawCases()) await send(service, circumstances, one)
  } finally {
    await service.stop()
  }
}

async function send(
  service: ServiceProcess,
  { runtime, report }: Circumstances,
  one: RawCase,
): Promise<void> {
  const seen = await exchange(Number(new URL(service.url).port), one.bytes)
  const { status } = await ask(service.url)
  const wrong = status === 200 ? whatIsWrong(one, seen) : 'then /health is not 200'
  const known = KNOWN[runtime][one.name]
  report.add({
    attack: `${runtime} raw: ${one.name}`,
    held: wrong === undefined || (known !== undefined && status === 200),
    figure: `${toWords(seen)}${wrong ? `; ${known ?? wrong}` : ''}`,
    bound: typeof one.verdict === 'string' ? one.verdict : one.verdict.join(', '),
  })
}

function whatIsWrong({ verdict }: RawCase, { statuses, closed }: Exchange): string | undefined {
  if (typeof verdict !== 'string')
    return statuses.join() === verdict.join() ? undefined : 'not answered as usual'
  if (statuses.length > 1) return 'answered more than once'
  if (verdict === 'one') return undefined
  if (statuses.some((status) => status < 400)) return 'not refused'
  return closed ? undefined : 'left open'
}

const toWords = ({ statuses, closed }: Exchange) =>
  `${statuses.join(', ') || 'no answer'}, ${closed ? 'closed' : 'open'}`
