import { styleText } from 'node:util'
import { z } from 'zod'
import { LOG_EVENTS, type LogEvent } from './events.ts'

const Line = z.looseObject({
  level: z.string(),
  time: z.string(),
  event: z.enum(LOG_EVENTS),
  msg: z.string(),
})
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

/** Events with a text of their own; an empty text omits the line. Others show message and fields. */
const SPECIAL: { readonly [event in LogEvent]?: (fields: Fields) => string } = {
  starting: () => '',
  warm: () => '',
  warming: ({ model, workers }) => grey(`Warming ${model} on ${counted(workers, 'worker')} …`),
  ready: toGreeting,
  drain_started: () => grey('Shutting down once open requests are answered. Ctrl-C forces it.'),
  closed: () => '',
}

/** Formats one JSON log line for a terminal, without a line break at the end. */
export function toPretty(json: string): string {
  const { level, time, event, msg, ...fields } = Line.parse(JSON.parse(json))
  const special = SPECIAL[event]
  if (special) return special(fields)
  const parts = [grey(new Date(time).toTimeString().slice(0, 8))]
  if (level !== 'info') parts.push(styleText(level === 'warn' ? 'yellow' : 'red', level))
  parts.push(...(event === 'request' ? toRequest(fields) : [msg, ...toPairs(fields)]))
  return [parts.join('  '), ...toStack(level, fields)].join('\n')
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
    grey('  Ctrl-C stops it.'),
    '',
  ].join('\n')
}

/** The host as a browser on this machine can open it. */
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

/** The stack trace, unless the line is only a warning. */
function toStack(level: string, { err }: Fields): string[] {
  const { data } = Failure.safeParse(err)
  return level !== 'warn' && data?.stack ? [grey(data.stack)] : []
}

const counted = (number: unknown, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`

const grey = (text: string) => styleText('gray', text)
