const NEWLINE = 0x0a

/** Where records end, from wherever the last one did. */
export interface RecordEnds {
  /** Whether a quote has been opened and not been closed: what follows may be of the same cell. */
  readonly isQuoted: boolean
  /** The index behind the newline that ends the record; -1 if it does not end before `until`. */
  next(bytes: Uint8Array, from: number, until: number): number
  /** Begins a record, whatever has become of the last one. */
  reset(): void
}

/** Records of one line each, as in NDJSON. */
export const lineEnds = (): RecordEnds => ({
  isQuoted: false,
  next(bytes, from, until) {
    const newline = bytes.subarray(from, until).indexOf(NEWLINE)
    return newline === -1 ? -1 : from + newline + 1
  },
  reset() {},
})

/** Where in a record of CSV a byte stands. */
const CELL_START = 0
const PLAIN = 1
const QUOTED = 2
/** Behind a quote in a quoted cell, which closes it or, before another one, stands for itself. */
const CLOSING = 3
const RECORD_END = 4

/** What follows, by place and by kind of byte: any other, quote, comma, newline. */
const NEXT = Uint8Array.from(
  [
    [PLAIN, QUOTED, CELL_START, RECORD_END],
    [PLAIN, PLAIN, CELL_START, RECORD_END],
    [QUOTED, CLOSING, QUOTED, QUOTED],
    [PLAIN, QUOTED, CELL_START, RECORD_END],
  ].flat(),
)

/** The kind of each byte; `delimiter`: one ASCII character. */
function kindsOf(delimiter: string): Uint8Array {
  const kinds = new Uint8Array(256)
  for (const [kind, byte] of Buffer.from(`"${delimiter}\n`).entries()) kinds[byte] = kind + 1
  return kinds
}

/**
 * Records of CSV (RFC 4180), or of a table with another character between its cells: a newline in a
 * quoted cell does not end them. A quote opens a cell only where the cell begins; elsewhere it stands
 * for itself, as `csv-parse` reads it.
 */
export function csvEnds(delimiter = ','): RecordEnds {
  const kinds = kindsOf(delimiter)
  let place = CELL_START
  return {
    get isQuoted() {
      return place === QUOTED
    },
    next(bytes, from, until) {
      for (let at = from; at < until; at++) {
        place = NEXT[place * 4 + (kinds[bytes[at] ?? 0] ?? 0)] ?? PLAIN
        if (place === RECORD_END) return at + 1
      }
      return -1
    },
    reset() {
      place = CELL_START
    },
  }
}
