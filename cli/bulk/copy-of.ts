/**
 * The same text in memory of its own: a part of a long one would hold the whole of it. Halves of surrogate
 * pairs, which are no characters, become U+FFFD.
 */
export const copyOf = (text: string): string => Buffer.from(text).toString()
