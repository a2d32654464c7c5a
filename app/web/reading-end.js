/** Prefixes that are tried in one request. */
const TRIES = 8

/**
 * Where in a text reading ends: the end of its longest run of words, from the start, that is read as
 * a whole.
 *
 * @param {string} text
 * @param {(prefixes: readonly string[]) => Promise<readonly boolean[]>} areRead Which of them are read as a whole.
 */
export async function findReadingEnd(text, areRead) {
  const ends = wordEnds(text)
  let low = 0
  let high = ends.length
  // ends[low] is read, ends[high] is not.
  while (high - low > 1) {
    const step = Math.max(1, Math.floor((high - low) / (TRIES + 1)))
    const tried = Array.from({ length: TRIES }, (_, i) => low + (i + 1) * step).filter(
      (i) => i < high,
    )
    const read = await areRead(tried.map((i) => text.slice(0, ends[i])))
    for (const [i, place] of tried.entries()) {
      if (read[i]) low = place
      else {
        high = place
        break
      }
    }
  }
  return ends[low] ?? 0
}

/** @param {string} text */
function wordEnds(text) {
  const segments = new Intl.Segmenter('und', { granularity: 'word' }).segment(text)
  return [0, ...[...segments].map(({ index, segment }) => index + segment.length)]
}
