import { createWriteStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileDownloadInfo, HubApiError, modelInfo } from '@huggingface/hub'
import pRetry, { AbortError } from 'p-retry'
import { ModelError } from './model-error.ts'

/** A hub and its credentials. */
export interface Hub {
  readonly url: string
  readonly token: string | undefined
  /** Back-off before the first retry in milliseconds; it doubles with each further one. */
  readonly retryMs: number
}

/** One file of a repository at one revision. */
export interface RemoteFile {
  readonly repository: string
  readonly revision: string
  readonly path: string
}

/** Called for every chunk that is received: bytes so far, and total bytes. */
export type Report = (bytes: number, total: number) => void

/** A progress indicator. */
export interface Progress {
  readonly report: Report
  stop(): void
}

const RETRIES = 4

/** The commit that a branch points to. */
export async function resolveRevision(
  hub: Hub,
  repository: string,
  branch: string,
): Promise<string> {
  const info = await retrying(hub, () =>
    modelInfo({
      name: repository,
      revision: branch,
      additionalFields: ['sha'],
      hubUrl: hub.url,
      ...credentials(hub),
    }),
  ).catch((error) => fail(hub, repository, error))
  return info.sha
}

/**
 * Downloads a file to `target`; resumes an earlier partial download. Returns its size, or
 * `undefined` if the repository has no such file. Throws a `ModelError` if the download fails.
 */
export async function fetchFile(
  hub: Hub,
  file: RemoteFile,
  { target, report }: { target: string; report: Report },
): Promise<number | undefined> {
  const { repository, revision, path } = file
  const name = `${repository}/${path}`
  const info = await retrying(hub, () =>
    fileDownloadInfo({ repo: repository, revision, path, hubUrl: hub.url, ...credentials(hub) }),
  ).catch((error) => fail(hub, name, error))
  if (!info) return undefined

  await mkdir(dirname(target), { recursive: true })
  const { url, size } = info
  await retrying(hub, () => fetchRest(hub, { url, size, target, report })).catch((error) =>
    fail(hub, name, error),
  )
  return size
}

interface Download {
  readonly url: string
  readonly size: number
  readonly target: string
  readonly report: Report
}

/** Downloads the missing rest of a file. Throws if it is still incomplete. */
async function fetchRest(hub: Hub, { url, size, target, report }: Download): Promise<void> {
  const start = await startOf(target, size)
  if (start === size) return report(size, size)

  const headers = new Headers({ Range: `bytes=${start}-` })
  if (hub.token) headers.set('Authorization', `Bearer ${hub.token}`)
  const response = await fetch(url, { headers })
  if (!response.ok) throw new HubApiError(url, response.status)

  // Without 206 the server ignored the range and sends the whole file.
  const isRest = response.status === 206
  let have = isRest ? start : 0
  async function* counted(chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      have += chunk.byteLength
      report(have, size)
      yield chunk
    }
  }
  const file = createWriteStream(target, { flags: isRest ? 'a' : 'w' })
  await pipeline(Readable.from(response.body ?? []), counted, file).catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOSPC') throw cause
    throw endsEarly(have, size, cause)
  })
  if (have !== size) throw endsEarly(have, size)
}

const endsEarly = (have: number, size: number, cause?: unknown) =>
  new ModelError(`ends after ${have} of ${size} bytes; run it again to resume`, { cause })

/**
 * Size of an earlier partial download. One that is larger than the file is invalid, and is deleted.
 */
async function startOf(target: string, size: number): Promise<number> {
  const have = await sizeOf(target)
  if (have <= size) return have
  await rm(target)
  return 0
}

const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

const credentials = (hub: Hub) => (hub.token ? { accessToken: hub.token } : {})

/** Retries 5xx, 429 and network errors; other 4xx and a full disk are final. */
function retrying<T>(hub: Hub, work: () => Promise<T>): Promise<T> {
  const attempt = () =>
    work().catch((error: unknown) => {
      throw isFinal(error) ? new AbortError(asError(error)) : toRetriable(error)
    })
  return pRetry(attempt, { retries: RETRIES, minTimeout: hub.retryMs, factor: 2 })
}

function isFinal(error: unknown): boolean {
  if (error instanceof HubApiError) return error.statusCode < 500 && error.statusCode !== 429
  return codeOf(error) === 'ENOSPC'
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)))

/**
 * p-retry treats a `TypeError` as a bug unless it recognizes the runtime's network error message.
 */
function toRetriable(error: unknown): Error {
  return error instanceof TypeError ? new Error(error.message, { cause: error }) : asError(error)
}

/** Throws a `ModelError` whose message tells an operator what to do. */
function fail(hub: Hub, name: string, error: unknown): never {
  throw new ModelError(`${name}: ${describeFailure(hub, error)}`, { cause: error })
}

function describeFailure(hub: Hub, error: unknown): string {
  if (error instanceof ModelError) return error.message
  if (error instanceof HubApiError) return reasonOfStatus(error.statusCode)
  if (codeOf(error) === 'ENOSPC') return 'the disk is full'
  return `${hub.url} can't be reached (${codeOf(error) ?? String(error)})`
}

function reasonOfStatus(status: number): string {
  if (status === 401 || status === 403) {
    return `the hub refuses it (HTTP ${status}): HF_TOKEN must be a token that may read it`
  }
  if (status === 404) return 'the hub has no such repository, revision or file (HTTP 404)'
  return `the hub answers HTTP ${status}, also after ${RETRIES} retries`
}

/** The system's code of an error or of its cause, such as `ENOSPC`. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  return 'code' in error && typeof error.code === 'string' ? error.code : codeOf(error.cause)
}
