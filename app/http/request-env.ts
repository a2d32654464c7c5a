import type { Trace } from '../telemetry/trace.ts'

/** What an entry tells of the connection that a request came by. */
export interface Connection {
  remoteAddress(): string | undefined
}

/** Whether all, none or some of a request's texts were cache hits. */
export type CacheStatus = 'HIT' | 'MISS' | 'PARTIAL'

/** What the framework carries through the handlers of one request. */
export interface RequestEnv {
  Bindings: Connection
  /** `texts` and `cache` are for the request's log line; `requestIdSent` says that the answer names the id. */
  Variables: {
    requestId: string
    requestIdSent?: boolean
    trace?: Trace
    texts?: number
    cache?: CacheStatus
  }
}
