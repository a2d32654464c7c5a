import type { Call } from './call.ts'
import { callsOf, type Part } from './part.ts'
import { type Issue, PolarityError, type PolarityErrorInit, toSentence } from './polarity-error.ts'

/** A request that was not answered with predictions. */
export interface Failure {
  /** What was sent. */
  readonly parts: readonly Part[]
  readonly error: PolarityError
}

const TRANSIENT_STATUSES: readonly unknown[] = [408, 429, 502, 503, 504]
const TRANSIENT_CODES: readonly string[] = ['unreachable', 'timeout']
/** Of these a text is the cause, if it was sent alone. */
const STATUSES_OF_TEXTS: readonly unknown[] = [413, 500]

/** Whether the same request may succeed a little later. */
export const isTransient = ({ status, code }: PolarityError): boolean =>
  status === undefined ? TRANSIENT_CODES.includes(code) : TRANSIENT_STATUSES.includes(status)

/** Whether the request holds more than the service takes. */
export const isTooLarge = ({ status, errors }: PolarityError): boolean =>
  status === 413 || (status === 422 && errors.some(({ path }) => path === 'text'))

/**
 * Whether its halves may fare better: they take less room and less time; and a text that breaks the
 * service is to break one call alone.
 */
export const isDivisible = ({ error, parts }: Failure): boolean =>
  isTooLarge(error) || error.status === 504
    ? parts.length > 1
    : error.status === 500 && callsOf(parts).size > 1

/** Ends the calls whose texts a 422 names, each with what is wrong with its own; whether there are any. */
export function blame({ error, parts }: Failure): boolean {
  if (error.status !== 422) return false
  const issues = new Map<Call, Issue[]>()
  const positions = new Map<Call, Set<number>>()
  for (const { path, message } of error.errors) {
    const part = parts[Number(/^text\[(\d+)\]/.exec(path)?.[1])]
    if (!part) continue
    const { call, position } = part
    issues.set(call, [...(issues.get(call) ?? []), { path: `text[${position}]`, message }])
    positions.set(call, (positions.get(call) ?? new Set()).add(position))
  }
  for (const [call, errors] of issues) {
    // The service's detail counts what is wrong with everybody's texts.
    const detail = toSentence(errors)
    call.fail(copyOf(error, { detail, errors, positions: [...(positions.get(call) ?? [])] }))
  }
  return issues.size > 0
}

/** Ends every call of the request with its error. */
export function failAll({ error, parts }: Failure): void {
  const [only] = parts
  const isIts = only && parts.length === 1 && STATUSES_OF_TEXTS.includes(error.status)
  const positions = isIts ? [only.position] : []
  for (const call of callsOf(parts)) call.fail(copyOf(error, { positions }))
}

/** Ends the calls that can't wait until then; the others know what happened, should they give up later. */
export function failTheLate({ error, parts }: Failure, until: number): void {
  for (const call of callsOf(parts)) {
    if (call.deadlineAt <= until) call.fail(copyOf(error))
    else call.lastError = error
  }
}

/** Each caller gets an error of its own. */
const copyOf = (error: PolarityError, changes: Partial<PolarityErrorInit> = {}) =>
  new PolarityError({ ...error, cause: error.cause, ...changes })
