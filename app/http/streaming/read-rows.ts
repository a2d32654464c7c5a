import type { RowReader } from './format.ts'
import type { RecordSplitter } from './record-splitter.ts'
import type { Frame, Row } from './row.ts'

/** What is read at once and asked for together: less than a millisecond's work. */
const MOST_ROWS = 64
const MOST_BYTES = 65_536

interface Reading {
  readonly splitter: RecordSplitter
  readonly reader: RowReader
  /** Number of the line that the first row is in, if it is another one than in this body. */
  readonly firstLine: number | undefined
  /** Does a piece of work in a turn of its own, so that all else goes on. */
  readonly inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** Told after each chunk with a newline. */
  readonly onLine: () => void
}

/** The rows of a body, some at a time, read as they are taken. Throws as `takeHeader` does. */
export async function* readRows(
  chunks: AsyncIterable<Uint8Array>,
  { splitter, reader, firstLine = 0, inTurn, onLine }: Reading,
): AsyncGenerator<Row[]> {
  let atRows = !reader.takeHeader
  if (atRows && firstLine > 0) splitter.countFrom(firstLine)

  const passHeader = (frames: Generator<Frame>) => {
    const first = atRows ? undefined : frames.next()
    if (!first || first.done) return
    reader.takeHeader?.(first.value)
    atRows = true
    if (firstLine > 0) splitter.countFrom(firstLine)
  }
  const readSome = async (frames: Generator<Frame>) => {
    passHeader(frames)
    const { group, done } = takeSome(frames)
    return { rows: await reader.toRows(group), done }
  }
  async function* rowsOf(frames: Generator<Frame>) {
    for (let isDone = false; !isDone; ) {
      const { rows, done } = await inTurn(() => readSome(frames))
      if (rows.length > 0) yield rows
      isDone = done
    }
  }

  for await (const chunk of chunks) {
    const { line } = splitter
    for (const piece of piecesOf(chunk)) yield* rowsOf(splitter.push(piece))
    if (splitter.line !== line) onLine()
  }
  yield* rowsOf(splitter.end())
  if (!atRows) reader.takeHeader?.(undefined)
}

/** Chunks may have a megabyte. */
function* piecesOf(chunk: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < chunk.length; at += MOST_BYTES) yield chunk.subarray(at, at + MOST_BYTES)
}

function takeSome(frames: Generator<Frame>): { group: Frame[]; done: boolean } {
  const group: Frame[] = []
  for (let bytes = 0; group.length < MOST_ROWS && bytes < MOST_BYTES; ) {
    const { done, value } = frames.next()
    if (done) return { group, done: true }
    group.push(value)
    bytes += value.bytes?.length ?? 0
  }
  return { group, done: false }
}
