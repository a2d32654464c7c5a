import { isUtf8 } from 'node:buffer'
import { AppError } from '../errors.ts'
import { JsonScan } from './json-scan.ts'

/** Smaller bodies are parsed at once: not even hostile ones take long. */
const SCANNED_BYTES = 4096

/** Larger ones are scanned in steps of this many bytes, and other work is done between two steps. */
export const STEP_BYTES = 65_536

/** No valid request is deeper than 2, or has many more values than texts. */
const MAX_DEPTH = 8
const VALUES_PER_TEXT = 4
const SPARE_VALUES = 64

/** Strict: invalid UTF-8 is rejected, not replaced. */
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Parses bodies as JSON in UTF-8: small ones `now`, any `inSteps`. Throws `malformed_json`, or `invalid_request` for
 * what is nested or crowded as no request is: whatever the body, the event loop is not held up.
 */
export function createJsonParser(maxTexts: number) {
  const inTurn = createTurns()
  const maxItems = maxTexts * VALUES_PER_TEXT + SPARE_VALUES

  const scanInSteps = async (bytes: Uint8Array): Promise<JsonScan> => {
    const scan = new JsonScan(bytes)
    while (scan.advance(STEP_BYTES)) await nextTick()
    return scan
  }
  const check = (scan: JsonScan) => {
    if (!scan.valid) throw malformed()
    if (scan.deepest > MAX_DEPTH) throw tooComplex('Nested too deeply.')
    if (scan.items > maxItems) throw tooComplex(`More values than ${maxTexts} texts can need.`)
  }

  const now = (bytes: Uint8Array): unknown => {
    if (bytes.byteLength <= SCANNED_BYTES) return parse(bytes)
    if (!isUtf8(bytes)) throw malformed()
    const text = withoutByteOrderMark(bytes)
    const scan = new JsonScan(text)
    scan.advance(STEP_BYTES)
    check(scan)
    return parse(text)
  }

  return {
    /** Parses at most `STEP_BYTES`. */
    now,
    async inSteps(bytes: Uint8Array): Promise<unknown> {
      if (bytes.byteLength <= STEP_BYTES) return now(bytes)
      if (!isUtf8(bytes)) throw malformed()
      const text = withoutByteOrderMark(bytes)
      return inTurn(async () => {
        check(await scanInSteps(text))
        await nextTick()
        return parse(text)
      })
    },
  }
}

/** The parser's own message would quote the body. */
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch (cause) {
    throw malformed(cause)
  }
}

/** As `TextDecoder` takes it away. */
function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  const [first, second, third] = bytes
  return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes
}

/** Runs one large piece of work after the other, however many are asked for at once. */
export function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(nextTick).then(work)
    last = mine.catch(() => undefined)
    return mine
  }
}

/** After whatever else the event loop has to do. */
const nextTick = () => new Promise<void>((resolve) => setImmediate(resolve))

const malformed = (cause?: unknown) =>
  new AppError('malformed_json', 'The body must be one JSON value in UTF-8.', { cause })

const tooComplex = (message: string) =>
  new AppError('invalid_request', 'One thing is wrong with the request.', {
    issues: [{ path: '', message }],
  })
