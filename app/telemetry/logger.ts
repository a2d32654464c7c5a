import { type Logger, pino, stdTimeFunctions } from 'pino'

export type { Logger }

/** One JSON object a line, on standard output. Never given a client's text. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    // A failed Redis command carries its arguments: keys, values, at sign-in the password.
    redact: { paths: ['err.command', 'err.cause.command'], remove: true },
    formatters: { level: (label) => ({ level: label }) },
  })
}
