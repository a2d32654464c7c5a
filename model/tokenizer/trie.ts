/** What a trie walks over: a string, by its UTF-16 code units. */
export interface CodeUnits {
  readonly length: number
  charCodeAt(index: number): number
}

/** A key that was found, as its value and the index after its last code unit. */
interface Match {
  readonly value: number
  readonly end: number
}

const NOTHING = -1
const ROOT = 0

/**
 * Finds the longest of its keys in no more steps than the longest key has code units. All edges are
 * in one Map: a node of its own for each prefix of 30,000 keys would take five times the memory.
 */
export class Trie {
  /** A number for each code unit that a key has, from 1: it keeps the Map's keys small integers. */
  readonly #unitNumbers = new Uint16Array(2 ** 16)
  readonly #radix: number
  /** From node * radix + unit number to the next node. */
  readonly #edges = new Map<number, number>()
  /** By node: the value of the key that ends there. */
  readonly #values = [NOTHING]

  /** Values are integers from 0 up. An empty key is never found. */
  constructor(entries: readonly (readonly [key: string, value: number])[]) {
    this.#radix = this.#numberUnits(entries)
    for (const [key, value] of entries) this.#insert(key, value)
  }

  /** The longest key that stands in `text` at `start`; `undefined` where none does. */
  longestAt(text: CodeUnits, start: number): Match | undefined {
    let node: number | undefined = ROOT
    let match: Match | undefined
    for (let at = start; at < text.length; at++) {
      node = this.#next(node, text.charCodeAt(at))
      if (node === undefined) break
      const value = this.#values[node] ?? NOTHING
      if (value !== NOTHING) match = { value, end: at + 1 }
    }
    return match
  }

  #next(node: number, unit: number): number | undefined {
    const number = this.#unitNumbers[unit] ?? 0
    return number === 0 ? undefined : this.#edges.get(node * this.#radix + number)
  }

  #insert(key: string, value: number): void {
    if (key === '') return
    let node = ROOT
    for (let at = 0; at < key.length; at++) {
      const unit = key.charCodeAt(at)
      const next = this.#next(node, unit) ?? this.#values.push(NOTHING) - 1
      this.#edges.set(node * this.#radix + (this.#unitNumbers[unit] ?? 0), next)
      node = next
    }
    this.#values[node] = value
  }

  /** Returns how many numbers there are, 0 included. */
  #numberUnits(entries: readonly (readonly [string, number])[]): number {
    let next = 1
    for (const [key] of entries) {
      for (let at = 0; at < key.length; at++) {
        const unit = key.charCodeAt(at)
        if (this.#unitNumbers[unit] === 0) this.#unitNumbers[unit] = next++
      }
    }
    return next
  }
}
