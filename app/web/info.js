/**
 * @typedef {readonly [from: number, to: number]} Range
 * @typedef {object} Info What the page needs to know of the service.
 * @property {string} model
 * @property {readonly string[]} labels
 * @property {number} maxTokens
 * @property {'truncate' | 'window'} longTexts
 * @property {Range | undefined} unsure Scores of the last label that the model's card calls unsure.
 * @property {string | undefined} limits What the model's card says of its limits.
 * @property {number} maxTexts
 * @property {number} maxChars
 * @property {number} maxBytes
 * @property {boolean} explains Whether it can say why.
 */

/** @type {Info} As long as the service has said nothing. */
export const UNKNOWN = {
  model: '',
  labels: [],
  maxTokens: 512,
  longTexts: 'truncate',
  unsure: undefined,
  limits: undefined,
  maxTexts: 256,
  maxChars: 20_000,
  maxBytes: 1_000_000,
  explains: false,
}

/** What the service says of itself; what is known without it if it says nothing. */
export async function loadInfo() {
  try {
    const response = await fetch('/info')
    return response.ok ? toInfo(await response.json()) : UNKNOWN
  } catch {
    return UNKNOWN
  }
}

/**
 * @param {any} body
 * @returns {Info}
 */
function toInfo({ model, limits, long_texts, explanations }) {
  return {
    model: model.id,
    labels: model.labels,
    maxTokens: model.max_tokens,
    longTexts: long_texts,
    unsure: model.card?.unsure ?? undefined,
    limits: model.card?.limits ?? undefined,
    maxTexts: limits.max_texts,
    maxChars: limits.max_chars,
    maxBytes: limits.max_body_bytes,
    explains: Boolean(explanations),
  }
}
