/** @import { Problem } from './service.js' */
import { FileError } from './csv.js'
import { Refused } from './service.js'

/** What went wrong and what to do, by the service's code. */
const WORDS = new Map(
  Object.entries({
    malformed_json: 'The service could not read what this page sent. Load the page again.',
    malformed_request: 'The service could not read what this page sent. Load the page again.',
    not_found: 'This address has no classifier: is a gateway missing the path /predict?',
    method_not_allowed: 'This address takes no texts: does a gateway change the request?',
    request_timeout: 'Your texts took too long to arrive. Is the connection slow? Try fewer.',
    payload_too_large: 'That is too much for one request. Try fewer texts, or drop a file below.',
    unsupported_media_type: 'The service does not read what this page sent. Load the page again.',
    expectation_failed: 'Something between this page and the service changed the request.',
    invalid_request: 'The service refused the texts.',
    overloaded: 'The service has more to do than it can.',
    rate_limited: 'That was more than this service allows in a minute.',
    headers_too_large: 'The API key is too long, or the browser sends too many cookies.',
    client_closed: 'The connection was closed before the answer came.',
    internal: 'Something broke in the service. It was logged; try again.',
    not_ready: 'The service is starting or being replaced.',
    deadline_exceeded: 'The answer took too long. Try again, or fewer texts.',
    unsupported_http_version: 'Something between this page and the service speaks an old HTTP.',
  }),
)

/**
 * What went wrong, in words for whoever wrote the texts.
 *
 * @param {unknown} error
 * @param {{ hasKey: boolean, online: boolean }} state
 */
export function adviceOn(error, { hasKey, online }) {
  if (error instanceof FileError) return error.message
  if (!(error instanceof Refused)) return unreached(online)
  const { problem } = error
  if (problem.status === 401) {
    return hasKey
      ? 'This service does not know that API key: it may be mistyped, or no longer in use.'
      : 'This service asks for an API key: enter yours, then classify again.'
  }
  const words = WORDS.get(problem.code) ?? ofGateway(problem)
  return [words, ...problem.issues.map(({ message }) => message)].join(' ')
}

/** @param {boolean} online */
const unreached = (online) =>
  online
    ? 'The service could not be reached. Is it still running?'
    : 'You are offline. The texts stay here, and are sent once the connection is back.'

/** @param {Problem} problem */
function ofGateway({ status }) {
  if (status < 400) return 'Something other than the service answered.'
  const busy = [429, 502, 503, 504].includes(status)
  return busy
    ? `The service can't answer now (a gateway said ${status}). Try again in a moment.`
    : `Something between this page and the service answered ${status}.`
}

/**
 * @param {unknown} error
 * @param {number} seconds
 */
export function waitingFor(error, seconds) {
  const limited = error instanceof Refused && error.problem.code === 'rate_limited'
  const why = limited
    ? 'That was more than this service allows in a minute.'
    : 'The service is busy.'
  return `${why} Trying again in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`
}
