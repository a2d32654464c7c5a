/** Entries, and characters of each, that are kept: what was tried, not an archive. */
const MOST = 20
const MOST_CHARS = 4000

/**
 * The list with an entry in front, once.
 *
 * @param {readonly string[]} entries
 * @param {string} entry
 */
export function withEntry(entries, entry) {
  const text = entry.trim()
  if (text === '' || text.length > MOST_CHARS) return [...entries]
  return [text, ...entries.filter((other) => other !== text)].slice(0, MOST)
}

/**
 * What was stored, unless somebody else wrote it.
 *
 * @param {string} stored
 * @returns {string[]}
 */
export function readEntries(stored) {
  try {
    const entries = JSON.parse(stored)
    return Array.isArray(entries) ? entries.filter((entry) => typeof entry === 'string') : []
  } catch {
    return []
  }
}
