import { CONFIG_NAMES } from './config.ts'

/** Names that others read, though they look like one of ours. */
const FOREIGN: ReadonlySet<string> = new Set(['MODE', 'POST'])

/** From here on a name is long enough for two edits to be a slip, and not another name. */
const LONG_NAME = 12

interface NearMiss {
  readonly variable: string
  /** What it was probably meant to be. */
  readonly meant: string
}

/** The names that nothing here reads, but that are a slip away from one that is read. */
export function nearMisses(names: readonly string[]): NearMiss[] {
  const foreign = names.filter((name) => !CONFIG_NAMES.includes(name) && !FOREIGN.has(name))
  return foreign.flatMap((name) => {
    const meant = CONFIG_NAMES.find((known) => isSlip(name.toUpperCase(), known))
    return meant ? [{ variable: name, meant }] : []
  })
}

const isSlip = (name: string, known: string) =>
  within(known.length < LONG_NAME ? 1 : 2, name, known)

/** Whether so many edits lead from one word to another: a letter added, left out, replaced, or swapped with the next. */
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
