/** @import { Answer } from './service.js' */
import { Refused } from './service.js'

/** @typedef {{ problem: string }} Problem Why one text has no answer. */

/**
 * Asks for texts of which some may be refused: these get their problem, the others their answer.
 * Throws what is no text's fault.
 *
 * @param {readonly string[]} texts
 * @param {(texts: readonly string[]) => Promise<readonly Answer[]>} ask
 * @returns {Promise<(Answer | Problem)[]>}
 */
export async function askEach(texts, ask) {
  if (texts.length === 0) return []
  try {
    return [...(await ask(texts))]
  } catch (error) {
    const blamed = blamedBy(error, texts.length)
    if (blamed.size === 0) throw error
    const others = texts.filter((_, i) => !blamed.has(i))
    const outcomes = (await askEach(others, ask)).values()
    return texts.map((_, i) => {
      const problem = blamed.get(i) ?? 'It was not answered.'
      return blamed.has(i) ? { problem } : (outcomes.next().value ?? { problem })
    })
  }
}

/**
 * Why which texts were refused, by their position in the request.
 *
 * @param {unknown} error
 * @param {number} count
 * @returns {Map<number, string>}
 */
function blamedBy(error, count) {
  if (!(error instanceof Refused)) return new Map()
  const found = error.problem.issues.flatMap(({ path, message }) => {
    const position = Number(/^text\[(\d+)\]$/.exec(path)?.[1] ?? Number.NaN)
    return position < count ? [/** @type {const} */ ([position, message])] : []
  })
  return new Map(found)
}
