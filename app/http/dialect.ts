import { createMiddleware } from 'hono/factory'
import type { AppError } from '../errors.ts'
import type { DIALECTS } from '../telemetry/labels.ts'
import type { RequestEnv } from './request-env.ts'

/** The protocol of a request, beside the service's own. */
export interface Dialect {
  readonly name: (typeof DIALECTS)[number]
  /** What its clients read of an error. */
  errorBody(error: AppError): object
}

/** Answers errors of these routes in their dialect. */
export const speaks = (dialect: Dialect) =>
  createMiddleware<RequestEnv>((c, next) => {
    c.set('dialect', dialect)
    return next()
  })

/** An error with all that is wrong, in one line. */
export function inOneLine({ message, issues = [] }: AppError): string {
  const details = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message))
  return [message, ...details].join(' ')
}
