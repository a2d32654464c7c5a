import { Refused } from './service.js'

/** Longer than this nobody is kept waiting without being asked. */
const LONGEST_PAUSE_SECONDS = 120

/**
 * @typedef {object} Patience
 * @property {AbortSignal} signal
 * @property {(secondsLeft: number, seconds: number) => void} onWait Called each second of a pause.
 * @property {number} [most] Tries; 6 if left out.
 * @property {(error: unknown) => boolean} [passes] Whether an error without a time to come back may pass.
 */

/**
 * Asks again after the service's own `Retry-After`, or after a pause that grows.
 *
 * @template Answer
 * @param {() => Promise<Answer>} ask
 * @param {Patience} patience
 * @returns {Promise<Answer>}
 */
export async function patiently(ask, { signal, onWait, most = 6, passes = isBusy }) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      if (signal.aborted || attempt >= most || !passes(error)) throw error
      await countDown(pauseAfter(error, attempt), { signal, onWait })
    }
  }
}

/**
 * The service wants to be asked again.
 *
 * @param {unknown} error
 */
export const isBusy = (error) =>
  error instanceof Refused && [429, 503].includes(error.problem.status)

/**
 * Another try may do: what is busy, a gateway's errors, and no connection.
 *
 * @param {unknown} error
 */
export const mayPass = (error) =>
  error instanceof TypeError ||
  (error instanceof Refused && [408, 429, 502, 503, 504].includes(error.problem.status))

/**
 * @param {unknown} error
 * @param {number} attempt
 */
export function pauseAfter(error, attempt) {
  const asked = error instanceof Refused ? error.problem.retryAfter : undefined
  return Math.min(Math.max(asked ?? 2 ** (attempt - 1), 1), LONGEST_PAUSE_SECONDS)
}

/**
 * @param {number} seconds
 * @param {Pick<Patience, 'signal' | 'onWait'>} patience
 */
async function countDown(seconds, { signal, onWait }) {
  const all = Math.ceil(seconds)
  for (let left = all; left > 0; left--) {
    onWait(left, all)
    await pause(1000, signal)
  }
}

/**
 * Throws the signal's reason if it is aborted meanwhile.
 *
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end)
      resolve()
    }, milliseconds)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
