import type { AppError } from '../errors.ts'
import type { DIALECTS } from '../telemetry/labels.ts'

/** The protocol of a request, beside the service's own. */
export interface Dialect {
  readonly name: (typeof DIALECTS)[number]
  /** What its clients read of an error. */
  errorBody(error: AppError): object
}

/** An error with all that is wrong, in one line. */
export function inOneLine({ message, issues = [] }: AppError): string {
  const details = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message))
  return [message, ...details].join(' ')
}
