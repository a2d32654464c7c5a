import { type Logger, pino, stdTimeFunctions } from 'pino'

export type { Logger }

/** One JSON object a line, on standard output. Never given a client's text. */
export function createLogger(level: string): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    // A failed Redis command carries its arguments: keys, values, at sign-in the password.
    redact: { paths: ['err.command', 'err.cause.command'], remove: true },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  // pino's own stream, on Bun too: once nobody reads the log it falls silent, where others throw.
  return pino(options, pino.destination({ dest: 1, sync: true }))
}
