import { styleText } from 'node:util'
import { z } from 'zod'

const Line = z.looseObject({ level: z.string(), time: z.string(), msg: z.string() })
type Fields = Readonly<Record<string, unknown>>

const Ready = z.object({
  version: z.string(),
  model: z.string(),
  workers: z.number(),
  host: z.string(),
  port: z.number(),
  internal_port: z.number(),
  start_seconds: z.number(),
})
const Failure = z.object({ message: z.string(), stack: z.string().optional() })

/** How some lines read for people; an empty one is left out. The others are shown field by field. */
const SPECIAL: Readonly<Record<string, (fields: Fields) => string>> = {
  starting: () => '',
  warm: () => '',
  warming: ({ model, workers }) => grey(`Warming ${model} on ${counted(workers, 'worker')} …`),
  ready: toGreeting,
  draining: () => grey('Ending, once all that is open is answered. Ctrl-C ends at once.'),
  closed: () => '',
}

/** A line of the log as a person reads it: of one JSON object, without the line's end. */
export function toPretty(json: string): string {
  const { level, time, msg, ...fields } = Line.parse(JSON.parse(json))
  const special = SPECIAL[msg]
  if (special) return special(fields)
  const parts = [grey(new Date(time).toTimeString().slice(0, 8))]
  if (level !== 'info') parts.push(styleText(level === 'warn' ? 'yellow' : 'red', level))
  parts.push(...(msg === 'request' ? toRequest(fields) : [msg, ...toPairs(fields)]))
  return [parts.join('  '), ...toStory(level, fields)].join('\n')
}

function toGreeting(fields: Fields): string {
  const { version, model, workers, host, port, internal_port, start_seconds } = Ready.parse(fields)
  const url = `http://${reachable(host)}:${port}`
  return [
    '',
    `  ${styleText('bold', `Polarity ${version}`)}  ${model}  ${counted(workers, 'worker')}  ` +
      styleText('green', `ready in ${start_seconds.toFixed(1)} s`),
    '',
    `  App      ${styleText('cyan', `${url}/`)}`,
    `  Docs     ${styleText('cyan', `${url}/docs`)}`,
    `  Metrics  ${styleText('cyan', `http://${reachable(host)}:${internal_port}/metrics`)}`,
    '',
    grey('  Ctrl-C ends it.'),
    '',
  ].join('\n')
}

/** What a browser on this machine calls it. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

function toRequest({ method, route, status, ms, texts, cache, code }: Fields): string[] {
  const parts = [`${method} ${route}`, String(status), `${Number(ms).toFixed(1)} ms`]
  if (texts !== undefined) parts.push(counted(texts, 'text'))
  return [...parts, ...[cache, code].filter((part) => part !== undefined).map(String)]
}

const toPairs = ({ err, ...fields }: Fields) => {
  const failure = Failure.safeParse(err)
  const pairs = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
  )
  return failure.success ? [...pairs, failure.data.message] : pairs
}

/** Where an error came from, if it is a bug. */
function toStory(level: string, { err }: Fields): string[] {
  const { data } = Failure.safeParse(err)
  return level !== 'warn' && data?.stack ? [grey(data.stack)] : []
}

const counted = (number: unknown, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`

const grey = (text: string) => styleText('gray', text)
