import { StreamQuery } from './stream-query.ts'

const NDJSON_ROWS = '{"id":"a-7","text":"example 1"}\n"example 2"\n'
const NDJSON_ANSWER = [
  '{"line":1,"id":"a-7","prediction":[{"label":"NEGATIVE","score":0.0039},{"label":"POSITIVE","score":0.9961}]}',
  '{"line":2,"error":{"code":"invalid_request","message":"Must not be blank."}}',
  '{"summary":{"rows":2,"labels":{"NEGATIVE":0,"POSITIVE":1},"errors":1,"cached":0,"truncated":0,"seconds":0.012,"complete":true}}',
].join('\n')
const CSV_ROWS = 'id,text\n7,example 1\n8,"example 2, quoted"\n'
const CSV_ANSWER = ['line,label,score,truncated,error,summary', '2,POSITIVE,0.9961,,,'].join('\n')

const rows = (description: string, example: string) => ({
  schema: { type: 'string' as const, description, example },
})

/** What the address of a request with rows may say. */
export const STREAM_QUERY = StreamQuery

/** Rows in the document of `POST /predict`, each with its answer, as no schema of JSON describes lines. */
export const STREAM_BODIES = {
  'application/x-ndjson': rows(
    'Rows, one a line: a text as a JSON string, or an object with `text` and, if wanted, `id` (a ' +
      'string of at most 128 characters, or an integer), which comes back. Answered as they are ' +
      'sent, as `application/x-ndjson`: a line for each, in order, with its `line` and its ' +
      '`prediction` or `error`; then one with a `summary`, which says by `complete` whether all ' +
      'rows were answered, else by `next`, `error` and `retry_after` where to go on, why, and in how ' +
      `many seconds:\n\n${NDJSON_ANSWER}`,
    NDJSON_ROWS,
  ),
  'text/csv': rows(
    'Rows of CSV (RFC 4180) below a header that names one column `text`. Answered as they are sent, ' +
      `as \`text/csv\`; the last record has only the summary, as JSON:\n\n${CSV_ANSWER}`,
    CSV_ROWS,
  ),
}
