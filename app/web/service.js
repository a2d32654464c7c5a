/**
 * @typedef {{ label: string, score: number }} LabelScore One label of a text, with its probability.
 * @typedef {{ from: number, to: number, text: string, push: number }} Word A part of a text, in UTF-16
 *   code units, and how much more the label has with it than without it.
 * @typedef {{ label: string, base: number, words: Word[] }} Explanation
 * @typedef {{ scores: LabelScore[], truncated: boolean, explanation?: Explanation }} Answer
 * @typedef {{ path: string, message: string }} Issue
 * @typedef {{ status: number, code: string, detail: string, issues: Issue[], retryAfter?: number }} Problem
 * @typedef {{ key?: string, signal?: AbortSignal, explain?: boolean, truncate?: boolean | undefined }} Options
 */

/** The service, or a gateway before it, answered with an error. */
export class Refused extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail)
    this.name = 'Refused'
    this.problem = problem
  }
}

/**
 * The service wants an API key, or another one.
 *
 * @param {unknown} error
 */
export const isUnauthorized = (error) => error instanceof Refused && error.problem.status === 401

/**
 * One answer for each text, in order. Throws `Refused`, the signal's reason, or a `TypeError` where
 * nothing answered.
 *
 * @param {readonly string[]} texts
 * @param {Options} [options]
 * @returns {Promise<{ answers: Answer[], milliseconds: number | undefined }>}
 */
export async function predict(texts, { key, signal, explain, truncate } = {}) {
  const response = await fetch('/predict', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...keyHeader(key) },
    body: JSON.stringify({
      text: texts,
      ...(explain && { explain }),
      ...(truncate === false && { truncate }),
    }),
    signal: signal ?? null,
  })
  // A gateway may answer with a page of its own.
  const body = await response.json().catch(() => undefined)
  if (!response.ok) throw new Refused(toProblem(response, body))
  return { answers: toAnswers(texts, response, body), milliseconds: totalOf(response) }
}

/**
 * A header has room for these characters alone; what holds others is no key here.
 *
 * @param {string} [key]
 */
function keyHeader(key) {
  return key && /^[\x21-\x7e]+$/.test(key) ? { 'x-api-key': key } : {}
}

/**
 * @param {readonly string[]} texts
 * @param {Response} response
 * @param {any} body
 * @returns {Answer[]}
 */
function toAnswers(texts, response, body) {
  const predictions = body?.predictions
  if (!Array.isArray(predictions) || predictions.length !== texts.length) {
    throw new Refused(toProblem(response, undefined))
  }
  const cut = new Set((response.headers.get('x-truncated') ?? '').split(',').map(Number.parseFloat))
  return predictions.map((scores, i) => ({
    scores,
    truncated: cut.has(i),
    ...(body.explanations?.[i] && { explanation: body.explanations[i] }),
  }))
}

/**
 * @param {Response} response
 * @param {any} body
 * @returns {Problem}
 */
function toProblem({ status, headers }, body) {
  const retryAfter = secondsUntil(headers.get('retry-after'))
  return {
    status,
    code: typeof body?.code === 'string' ? body.code : '',
    detail: typeof body?.detail === 'string' ? body.detail : `The service answered ${status}.`,
    issues: Array.isArray(body?.errors) ? body.errors : [],
    ...(retryAfter !== undefined && { retryAfter }),
  }
}

/**
 * Seconds, or a date (RFC 9110, 10.2.3).
 *
 * @param {string | null} value
 */
export function secondsUntil(value) {
  if (!value) return undefined
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000
  return Number.isNaN(seconds) ? undefined : Math.max(seconds, 0)
}

/** @param {Response} response */
function totalOf({ headers }) {
  const total = /total;dur=([\d.]+)/.exec(headers.get('server-timing') ?? '')
  return total ? Number(total[1]) : undefined
}
