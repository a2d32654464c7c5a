import { pino, stdSerializers, stdTimeFunctions } from 'pino'
import type { LogEvent } from './events.ts'
import { toPretty } from './pretty.ts'

type Level = 'info' | 'warn' | 'error' | 'fatal'
type LogFields = { readonly event: LogEvent; readonly [name: string]: unknown }

/** The part of pino's logger that requires an `event` on every line. */
export type Logger = Readonly<Record<Level, (fields: LogFields, message: string) => void>>

/** Where log lines go. It must not throw: a log never changes an answer. */
interface Output {
  write(text: string): void
}

/** Logs to `output`: JSON lines, or `pretty` text for a terminal. Never pass it a client's text. */
export function createLogger(
  level: string,
  output: Output,
  format: 'json' | 'pretty' = 'json',
): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    serializers: { err: toPlainError },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  if (format === 'json') return pino(options, output)
  return pino(options, {
    write(line: string) {
      const text = toPretty(line)
      if (text) output.write(`${text}\n`)
    },
  })
}

/**
 * An error's type, message, stack and code, without its other properties: they can hold a password,
 * as the arguments of a failed Redis AUTH or the input of an invalid URL do.
 */
export function toPlainError(error: unknown) {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined }
  const { type, message, stack } = stdSerializers.err(error)
  return { type, message, stack, ...('code' in error && { code: error.code }) }
}
