import { type Fields, isRecord, toText } from './json.ts'
import { type Issue, PolarityError } from './polarity-error.ts'
import type { Problem } from './wire.ts'

/** The error that an answer stands for. `body`: the parsed JSON, whatever it holds. */
export function toProblem(response: Response, body: unknown): PolarityError {
  if (isRedirect(response)) return redirected(response)
  const { status, headers } = response
  const retryAfter = toSeconds(headers.get('retry-after'))
  const problem: Fields<Problem> = isRecord(body) ? body : {}
  const code = toText(problem.code)
  if (code === undefined) {
    const detail = `The answer ${status} is not the service's own: a gateway's, perhaps.`
    const title = response.statusText || 'Unexpected answer'
    return new PolarityError({ code: 'unexpected_answer', status, title, detail, retryAfter })
  }
  return new PolarityError({
    code,
    status,
    type: toText(problem.type),
    title: toText(problem.title),
    detail: toText(problem.detail) ?? code,
    errors: toIssues(problem.errors),
    retryAfter,
    requestId: toText(problem.request_id),
  })
}

/** Browsers show neither the status nor the address of a redirect. */
const isRedirect = ({ type, status }: Response) =>
  type === 'opaqueredirect' || (status >= 300 && status < 400)

function redirected({ status, headers }: Response): PolarityError {
  const location = headers.get('location')
  const where = location ?? 'another address'
  return new PolarityError({
    code: 'redirected',
    status: status || undefined,
    title: 'Redirected',
    detail: `The answer is a redirect to ${where}, which the client does not follow.`,
  })
}

/** Seconds of a Retry-After, which is a number or a date. */
function toSeconds(value: string | null): number | undefined {
  if (value === null) return undefined
  const seconds = /^\s*\d+\s*$/.test(value)
    ? Number(value)
    : (Date.parse(value) - Date.now()) / 1000
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}

function toIssues(errors: unknown): Issue[] {
  if (!Array.isArray(errors)) return []
  return errors.filter(isRecord).map(({ path, message }) => ({
    path: toText(path) ?? '',
    message: toText(message) ?? '',
  }))
}
