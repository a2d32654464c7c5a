import { NOT_BLANK } from '../../app/blank.ts'
import type { RowError } from './row.ts'

/** Says why a text can't be classified, by the rules of the service; `undefined` if it can. */
export function whyNotText(text: string, maxChars: number): RowError | undefined {
  if (isLonger(text, maxChars)) return 'too_long'
  return NOT_BLANK.test(text) ? undefined : 'blank'
}

/** Counts code points, of which each is one or two of JavaScript's characters. */
const isLonger = (text: string, most: number) =>
  text.length > most && (text.length > 2 * most || Array.from(text).length > most)

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes as text, and whether they are UTF-8; what is not becomes U+FFFD. */
export function decode(bytes: Uint8Array): { text: string; valid: boolean } {
  try {
    return { text: strict.decode(bytes), valid: true }
  } catch {
    return { text: lenient.decode(bytes), valid: false }
  }
}
