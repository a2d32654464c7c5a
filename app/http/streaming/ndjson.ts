import { createScoresWriter } from '../../label-scores.ts'
import { lineEnds } from '../../rows/record-ends.ts'
import { createJsonParser, STEP_BYTES } from '../parse-json.ts'
import type { Format } from './format.ts'
import {
  type AnsweredRow,
  type Frame,
  isRowError,
  ROW_TOO_LARGE,
  type Row,
  type RowError,
  toRowError,
} from './row.ts'
import type { TextCheck } from './text-check.ts'

const MAX_ID_CHARS = 128

/** What JSON allows between two values. */
const BLANKS = new Set(Buffer.from(' \t\r\n'))

const NO_JSON: RowError = { code: 'malformed_json', message: 'Must be one JSON value in UTF-8.' }

/** Lines of NDJSON: a text as a string, or as `{"text": "…"}` with an `id` or without. */
export function ndjson(check: TextCheck, labels: readonly string[]): Format {
  const parser = createJsonParser(1)
  const toJson = createScoresWriter(labels)

  const parse = async (bytes: Uint8Array) =>
    bytes.length > STEP_BYTES ? await parser.inSteps(bytes) : parser.now(bytes)
  const toRow = async (frame: Frame): Promise<Row> => {
    if (!frame.bytes) return { frame, content: ROW_TOO_LARGE }
    try {
      return { frame, ...toContent(await parse(frame.bytes), check) }
    } catch (error) {
      const content = toRowError(error)
      return { frame, content: content.code === NO_JSON.code ? NO_JSON : content }
    }
  }

  return {
    name: 'ndjson',
    type: 'application/x-ndjson',
    reader: () => ({
      ends: lineEnds(),
      toRows: (frames) => Promise.all(frames.filter(isNotBlank).map(toRow)),
    }),
    writer: () => ({
      head: '',
      write: (rows) => rows.map((row) => toLine(row, toJson)).join(''),
      end: (summary) => `${JSON.stringify({ summary })}\n`,
    }),
  }
}

const isNotBlank = ({ bytes }: Frame) => !bytes?.every((byte) => BLANKS.has(byte))

/** Strict, as the ordinary request: a field of another name is refused, as it may be a misspelt one. */
function toContent(value: unknown, check: TextCheck): Pick<Row, 'id' | 'content'> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { content: check(value) }
  }
  const { text, id, ...others } = { text: undefined, id: undefined, ...value }
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) return { content: invalid(`${unknown.slice(0, 64)}: Unknown field.`) }
  if (!isId(id)) return { content: invalid(`id: ${ID}`) }
  return { id, content: check(text) }
}

const ID = `Must be a string of at most ${MAX_ID_CHARS} characters or an integer.`

const isId = (id: unknown): id is Row['id'] =>
  id === undefined ||
  (typeof id === 'string' && id.length <= MAX_ID_CHARS) ||
  Number.isSafeInteger(id)

const invalid = (message: string): RowError => ({ code: 'invalid_request', message })

function toLine(
  { row, outcome }: AnsweredRow,
  toJson: ReturnType<typeof createScoresWriter>,
): string {
  const id = row.id === undefined ? '' : `,"id":${JSON.stringify(row.id)}`
  const start = `{"line":${row.frame.start.line}${id}`
  if (isRowError(outcome)) return `${start},"error":${JSON.stringify(outcome)}}\n`
  const prediction = outcome.json ?? toJson(outcome.scores)
  return `${start},"prediction":${prediction}${outcome.truncated ? ',"truncated":true' : ''}}\n`
}
