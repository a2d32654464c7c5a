import type { Context } from 'hono'
import { AppError } from '../../errors.ts'

const NDJSON = /^\s*application\/(x-)?(ndjson|jsonlines|jsonl)\s*(;|$)/i
const CSV = /^\s*text\/csv\s*(;|$)/i
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i

/** As `GET /info` lists them. */
export const STREAM_TYPES = ['application/x-ndjson', 'text/csv'] as const

/** The format of a request's rows; `undefined` if its body is none. Throws `unsupported_media_type` for a charset. */
export function formatOf(c: Context): 'ndjson' | 'csv' | undefined {
  const type = c.req.header('content-type') ?? ''
  const name = formatNamed(type)
  if (!name) return undefined
  const [, charset = 'utf-8'] = CHARSET.exec(type) ?? []
  if (/^(utf-?8|us-ascii)$/i.test(charset)) return name
  throw new AppError('unsupported_media_type', 'Send the rows in UTF-8.')
}

function formatNamed(type: string) {
  if (NDJSON.test(type)) return 'ndjson'
  return CSV.test(type) ? 'csv' : undefined
}
