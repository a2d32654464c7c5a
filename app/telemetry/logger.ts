import { type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino'
import { toPretty } from './pretty.ts'

export type { Logger }

/** Lines on standard output, one JSON object each or for people to read. Never given a client's text. */
export function createLogger(level: string, format: 'json' | 'pretty' = 'json'): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    serializers: { err: toPlainError },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  // pino's own stream, on Bun too: once nobody reads the log it falls silent, where others throw.
  const output = pino.destination({ dest: 1, sync: true })
  if (format === 'json') return pino(options, output)
  return pino(options, {
    write(line: string) {
      const text = toPretty(line)
      if (text) output.write(`${text}\n`)
    },
  })
}

/**
 * What an error says, and nothing else that it carries: a failed Redis command has its arguments
 * with it, at sign-in the password, and a URL that can't be read its text.
 */
export function toPlainError(error: unknown) {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined }
  const { type, message, stack } = stdSerializers.err(error)
  return { type, message, stack, ...('code' in error && { code: error.code }) }
}
