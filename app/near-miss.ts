import { CONFIG_NAMES } from './config.ts'

/** Common variables of other programs that are one edit away from a setting. */
const FOREIGN: ReadonlySet<string> = new Set(['MODE', 'POST'])

/** From this length on two edits still mean a typo; in a shorter name, another word. */
const LONG_NAME = 12

interface NearMiss {
  readonly variable: string
  /** The setting that was probably meant. */
  readonly meant: string
}

/** Variables that are not settings, but probably a typo of one. */
export function nearMisses(names: readonly string[]): NearMiss[] {
  const foreign = names.filter((name) => !CONFIG_NAMES.includes(name) && !FOREIGN.has(name))
  return foreign.flatMap((name) => {
    const meant = CONFIG_NAMES.find((known) => isTypo(name.toUpperCase(), known))
    return meant ? [{ variable: name, meant }] : []
  })
}

/** Whether a name is probably a slip of the fingers for one that is known. */
export const isTypo = (name: string, known: string): boolean =>
  within(known.length < LONG_NAME ? 1 : 2, name, known)

/** Whether the edit distance is at most `edits`: letters inserted, deleted, replaced, or two adjacent ones swapped. */
function within(edits: number, from: string, to: string): boolean {
  if (from === to) return true
  if (edits === 0) return false
  const same = [...from].findIndex((letter, index) => letter !== to[index])
  const [a, b] = same < 0 ? ['', to.slice(from.length)] : [from.slice(same), to.slice(same)]
  return [
    [a.slice(1), b],
    [a, b.slice(1)],
    [a.slice(1), b.slice(1)],
    [`${a.charAt(1)}${a.charAt(0)}${a.slice(2)}`, b],
  ].some(([left = '', right = '']) => within(edits - 1, left, right))
}
