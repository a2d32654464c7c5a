/** A record longer than this is no record: a quote was never closed. */
const LONGEST_RECORD = 1_000_000

/** The file can't be read as a table; the message is for whoever chose it. */
export class FileError extends Error {
  /**
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(message, options) {
    super(message, options)
    this.name = 'FileError'
  }
}

/**
 * Reads records of CSV (RFC 4180) piece by piece: quoted cells may hold the delimiter, line ends and
 * doubled quotes. Empty lines are passed over.
 */
export class CsvReader {
  #delimiter
  /** @type {string[]} */
  #cells = []
  #cell = ''
  /** @type {'start' | 'plain' | 'quoted' | 'closed'} */
  #state = 'start'
  #length = 0
  #records = 0

  /** @param {string} delimiter */
  constructor(delimiter) {
    this.#delimiter = delimiter
  }

  /**
   * The records that end in this piece. Throws a `FileError`.
   *
   * @param {string} piece
   */
  read(piece) {
    /** @type {string[][]} */
    const records = []
    for (const character of piece) {
      if (this.#take(character)) this.#endRecord(records)
    }
    return records
  }

  /** The record that has no line end. */
  end() {
    /** @type {string[][]} */
    const records = []
    if (this.#length > 0) this.#endRecord(records)
    return records
  }

  /**
   * Whether the record ends here.
   *
   * @param {string} character
   */
  #take(character) {
    this.#length++
    if (this.#length > LONGEST_RECORD) {
      throw new FileError(`Row ${this.#records + 1} has no end: is a quote never closed?`)
    }
    if (this.#state === 'quoted') this.#takeQuoted(character)
    else if (character === '\n') return true
    else this.#takePlain(character)
    return false
  }

  /** @param {string} character */
  #takeQuoted(character) {
    if (character === '"') this.#state = 'closed'
    else this.#cell += character
  }

  /** @param {string} character */
  #takePlain(character) {
    if (character === this.#delimiter) return this.#endCell()
    if (character === '"' && this.#state !== 'plain') return this.#open()
    this.#cell += character
    if (this.#state === 'start') this.#state = 'plain'
  }

  /** A quote at the beginning of a cell opens it; one behind its closing quote stands for itself. */
  #open() {
    if (this.#state === 'closed') this.#cell += '"'
    this.#state = 'quoted'
  }

  #endCell() {
    this.#cells.push(this.#cell)
    this.#cell = ''
    this.#state = 'start'
  }

  /** @param {string[][]} records */
  #endRecord(records) {
    // CRLF: the CR is behind the last cell's text, or behind its closing quote.
    if (this.#cell.endsWith('\r')) this.#cell = this.#cell.slice(0, -1)
    const isEmpty = this.#cells.length === 0 && this.#cell === '' && this.#state !== 'closed'
    this.#endCell()
    if (!isEmpty) records.push(this.#cells)
    this.#records++
    this.#cells = []
    this.#length = 0
  }
}

/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/

/**
 * @param {readonly string[]} cells
 * @param {{ delimiter: string, safe: boolean }} options `safe`: no cell is run by a spreadsheet.
 */
export function toCsv(cells, { delimiter, safe }) {
  const written = cells.map((cell) => {
    const text = safe && FORMULA.test(cell) ? `'${cell}` : cell
    return /["\r\n]/.test(text) || text.includes(delimiter)
      ? `"${text.replaceAll('"', '""')}"`
      : text
  })
  return `${written.join(delimiter)}\r\n`
}

/**
 * The delimiter of a table, by what its first line has most of.
 *
 * @param {string} beginning
 */
export function delimiterOf(beginning) {
  const [first = ''] = beginning.replaceAll(/"(?:[^"]|"")*"/g, '').split('\n')
  const counts = [',', ';', '\t'].map((delimiter) => ({
    delimiter,
    count: first.split(delimiter).length - 1,
  }))
  return counts.reduce((a, b) => (b.count > a.count ? b : a)).delimiter
}
