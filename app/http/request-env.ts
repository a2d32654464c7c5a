import type { Quota } from '../classifier/classify.ts'
import type { AppError } from '../errors.ts'
import type { Trace } from '../telemetry/trace.ts'
import type { Dialect } from './dialect.ts'

/** What the server entry provides about the connection of a request. */
interface Connection {
  remoteAddress(): string | undefined
  /** Tells a client that waits to be told (`Expect: 100-continue`) to send the body. */
  wantBody?(): void
  /** Other requests share it (HTTP/2): it is not closed for the sake of one. */
  readonly shared?: boolean
  /** Closes the connection, on which an answer is stuck. */
  cut?(): void
}

export type Fetch = (request: Request, connection: Connection) => Response | Promise<Response>

/** Whether all, none or some of a request's texts were cache hits. */
export type CacheStatus = 'HIT' | 'MISS' | 'PARTIAL'

/** An answer that is a stream of rows. */
interface OpenAnswer {
  readonly format: string
  /** Resolves when it has ended, with the error that has ended it if one has. */
  readonly ended: Promise<{ readonly error: AppError | undefined }>
}

/** Hono's per-request environment. */
export interface RequestEnv {
  Bindings: Connection
  /**
   * `key` (an API key's name), `texts` and `cache` are for the access log, `quota` is for headers;
   * `requestIdSent`: the response already has the id;
   * `bodyRead`: all of the request's body; `dialect`: undefined for the service's own;
   * `stream`: the answer is one, and goes on after its head.
   */
  Variables: {
    requestId: string
    requestIdSent?: boolean
    bodyRead?: boolean
    dialect?: Dialect
    trace?: Trace
    key?: string
    texts?: number
    cache?: CacheStatus
    quota?: Quota
    stream?: OpenAnswer
  }
}
