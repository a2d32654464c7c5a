import type { ClassifyAtOnce } from '../../classifier/classify.ts'
import type { BodyBudget } from '../body-budget.ts'
import type { createTurns } from '../parse-json.ts'
import type { Limits } from '../schema.ts'
import { Asker } from './asker.ts'
import type { BodySource } from './body-source.ts'
import type { Format } from './format.ts'
import { readRows } from './read-rows.ts'
import { RecordSplitter } from './record-splitter.ts'
import type { Report } from './report.ts'
import { maxRowBytes } from './row.ts'
import { Session } from './session.ts'
import type { StreamQuery } from './stream-query.ts'
import { loadOf, Window } from './window.ts'

/** What all streams of a service have in common. */
export interface SessionDeps {
  readonly classify: ClassifyAtOnce
  readonly limits: Limits
  /** Of the longest text that is read as a whole. */
  readonly maxTokens: number
  readonly timeoutSeconds: number
  readonly bodyTimeoutSeconds: number
  readonly bodyBudget: BodyBudget
  readonly inTurn: ReturnType<typeof createTurns>
}

/** One stream. */
interface Request {
  readonly caller: string
  readonly format: Format
  readonly source: BodySource
  readonly query: StreamQuery
  readonly report: Report
}

/** Joins the parts of a session, which begins to read. */
export function openSession(deps: SessionDeps, request: Request): Session {
  const { classify, limits, maxTokens, timeoutSeconds, bodyTimeoutSeconds, inTurn } = deps
  const { caller, format, source, query, report } = request
  const [left, stopped] = [new AbortController(), new AbortController()]
  const window = new Window(deps.bodyBudget.open(() => caller))
  const reader = format.reader()
  const splitter = new RecordSplitter({
    ends: reader.ends,
    maxBytes: maxRowBytes(limits.maxChars),
    hold: (bytes) => window.hold(bytes),
  })
  const asker = new Asker({
    ...{ classify, caller, timeoutSeconds, report },
    refusedAbove: query.truncate === 'false' ? maxTokens : undefined,
    left: left.signal,
    stopped: stopped.signal,
  })
  const session: Session = new Session({
    ...{ source, window, asker, left, stopped, timeoutSeconds, bodyTimeoutSeconds },
    rows: readRows(source.chunks(), {
      ...{ splitter, reader, inTurn },
      firstLine: query.line === undefined ? undefined : Number(query.line),
      onLine: () => session.heard(),
    }),
    tally: report.tally,
    writer: format.writer(),
    loadOf: (rows) => loadOf(rows, maxTokens),
  })
  return session
}
