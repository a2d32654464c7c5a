import { numberEnd, stringEnd, wordEnd } from './json-tokens.ts'

const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const COLON = 0x3a

/** What may come next, in an order that lets one comparison tell where a value or a string may. */
const VALUE = 0
const VALUE_OR_END = 1
const KEY = 2
const KEY_OR_END = 3
const AFTER_KEY = 4
const AFTER_VALUE = 5

/** What a byte begins. */
const BLANK = 1
const STRING = 2
const NUMBER = 3
const OPENING = 4
const CLOSING = 5
const SEPARATOR = 6

const KINDS = new Uint8Array(256)
for (const [kind, bytes] of [
  [BLANK, ' \t\n\r'],
  [STRING, '"'],
  [NUMBER, '-0123456789'],
  [OPENING, '[{'],
  [CLOSING, ']}'],
  [SEPARATOR, ',:'],
] as const) {
  for (const byte of Buffer.from(bytes)) KINDS[byte] = kind
}

/**
 * A scan of JSON text (RFC 8259) that builds nothing, in time linear in its bytes whatever they are:
 * `JSON.parse` takes ten times as long for deep or crowded text, and hundreds of megabytes.
 */
export class JsonScan {
  readonly #bytes: Uint8Array
  /** Whether each open list or object is a list: a bit each, as it grows with hostile texts. */
  #lists = new Uint8Array(64)
  #depth = 0
  #at = 0
  #next = VALUE
  /** Deepest nesting so far. */
  deepest = 0
  /** Values and keys so far. */
  items = 0

  /** `bytes` must be valid UTF-8. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Scans `bytes` more, or to the end of the string in which they end; false when it is done. */
  advance(bytes: number): boolean {
    const until = Math.min(this.#at + bytes, this.#bytes.length)
    while (this.#at < until && this.#at !== -1) this.#at = this.#step(this.#at)
    return this.#at !== -1 && this.#at < this.#bytes.length
  }

  /** Whether all of it, once scanned, was one JSON value. */
  get valid(): boolean {
    return this.#at !== -1 && this.#depth === 0 && this.#next === AFTER_VALUE
  }

  /** Where the next token begins, after the one at `at`; -1 if none may stand there. */
  #step(at: number): number {
    const byte = this.#bytes[at] ?? 0
    switch (KINDS[byte]) {
      case BLANK:
        return at + 1
      case STRING:
        return this.#string(at)
      case OPENING:
        return past(at, this.#enter(byte === OPEN_LIST))
      case CLOSING:
        return past(at, this.#leave(byte === CLOSE_LIST))
      case SEPARATOR:
        return past(at, byte === COLON ? this.#colon() : this.#comma())
      default:
        return this.#scalar(at, KINDS[byte] === NUMBER ? numberEnd : wordEnd)
    }
  }

  #scalar(at: number, end: typeof numberEnd): number {
    return this.#takesValue() ? end(this.#bytes, at) : -1
  }

  #takesValue(): boolean {
    if (this.#next > VALUE_OR_END) return false
    this.#next = AFTER_VALUE
    this.items++
    return true
  }

  #string(at: number): number {
    if (this.#next > KEY_OR_END) return -1
    this.#next = this.#next <= VALUE_OR_END ? AFTER_VALUE : AFTER_KEY
    this.items++
    return stringEnd(this.#bytes, at + 1)
  }

  #enter(isList: boolean): boolean {
    if (!this.#takesValue()) return false
    this.#push(isList)
    if (this.#depth > this.deepest) this.deepest = this.#depth
    this.#next = isList ? VALUE_OR_END : KEY_OR_END
    return true
  }

  #push(isList: boolean): void {
    const byte = this.#depth >> 3
    if (byte === this.#lists.length) {
      const grown = new Uint8Array(byte * 2)
      grown.set(this.#lists)
      this.#lists = grown
    }
    const bit = 1 << (this.#depth++ & 7)
    const others = (this.#lists[byte] ?? 0) & ~bit
    this.#lists[byte] = isList ? others | bit : others
  }

  #leave(isList: boolean): boolean {
    const mayEnd = this.#next === AFTER_VALUE || this.#next === (isList ? VALUE_OR_END : KEY_OR_END)
    if (!mayEnd || this.#depth === 0 || this.#inList !== isList) return false
    this.#depth--
    this.#next = AFTER_VALUE
    return true
  }

  #colon(): boolean {
    if (this.#next !== AFTER_KEY) return false
    this.#next = VALUE
    return true
  }

  #comma(): boolean {
    if (this.#next !== AFTER_VALUE || this.#depth === 0) return false
    this.#next = this.#inList ? VALUE : KEY
    return true
  }

  get #inList(): boolean {
    const at = this.#depth - 1
    return (((this.#lists[at >> 3] ?? 0) >> (at & 7)) & 1) === 1
  }
}

const past = (at: number, allowed: boolean) => (allowed ? at + 1 : -1)
