const NEWLINE = 10
const RETURN = 13

/**
 * Has lines end in LF where the old Macintosh's CR ends them, as some spreadsheets still write it. As
 * many bytes as before. `first`: with which the stream begins.
 */
export function withNewlines(chunks: AsyncIterable<Buffer>, first: Buffer): AsyncIterable<Buffer> {
  // A CR that is the last byte may be half of a CRLF.
  const isOld = first.subarray(0, -1).includes(RETURN) && !first.includes(NEWLINE)
  return isOld ? replaced(chunks) : chunks
}

async function* replaced(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks)
    yield Buffer.from(chunk.map((byte) => (byte === RETURN ? NEWLINE : byte)))
}
