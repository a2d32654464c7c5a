import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import { LOAD_GENERATOR } from './anchor-process.ts'

const Report = z.object({
  requests: z.number(),
  failed: z.number(),
  requests_per_second: z.number(),
  texts_per_second: z.number(),
  p50_ms: z.number(),
  p95_ms: z.number(),
  p99_ms: z.number(),
  quarters_p50_ms: z.array(z.number()),
  server_cpu_ms_per_request: z.number(),
  sender_cores: z.number(),
})

export interface Target {
  readonly url: string
  readonly pid: number
  /** Path of a model that is asked by the inference protocol of KServe and Triton, in place of `/predict`. */
  readonly v2Path?: string
}

export interface Load {
  /** File of texts, one a line. */
  readonly texts: string
  /** Whether they are sent as they are, so that they are cache hits; else none is sent twice. */
  readonly remembered: boolean
  readonly connections: number
  readonly textsPerRequest: number
  readonly seconds: number
  /** Equal seeds make equal texts. */
  readonly seed: number
}

/** Sends load from the generator of `anchors/`, in a closed loop; resolves with what it measured. */
export async function runLoad(target: Target, load: Load) {
  const { stdout } = await promisify(execFile)(LOAD_GENERATOR, [
    ...['--address', new URL(target.url).host],
    ...['--pid', String(target.pid)],
    ...(target.v2Path ? ['--path', target.v2Path, '--protocol', 'v2'] : []),
    ...['--texts', load.texts],
    ...['--connections', String(load.connections)],
    ...['--texts-per-request', String(load.textsPerRequest)],
    ...['--seconds', String(load.seconds)],
    ...['--seed', String(load.seed)],
    ...(load.remembered ? ['--remembered'] : []),
  ])
  return Report.parse(JSON.parse(stdout))
}
