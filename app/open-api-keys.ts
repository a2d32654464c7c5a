import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { ApiKeys } from './api-keys.ts'
import { type Config, ConfigError } from './config.ts'
import { KeyFileError, type NamedKey, parseKeyFile } from './key-file.ts'
import type { Logger } from './telemetry/logger.ts'
import type { Metrics } from './telemetry/metrics.ts'

/** A change counts once two looks in a row have seen it: it is in force after two of these. */
const LOOK_MS = 1000

/** What a Kubernetes secret may hold at most. */
const MAX_BYTES = 1_048_576

interface KeyDeps {
  readonly metrics: Pick<Metrics, 'apiKeys' | 'apiKeyReloadFailures' | 'keyTexts' | 'keyRequests'>
  readonly log: Logger
}

interface OpenApiKeys {
  readonly keys: ApiKeys
  /** Looks at the file once, as is done each second. Does nothing without a file. */
  look(): Promise<void>
  close(): void
}

/**
 * The keys of `API_KEYS` and `API_KEYS_FILE`. The file is read again when it changes; while it is
 * missing or wrong, the last good keys stay. Throws a `ConfigError` if it is so at start.
 */
export async function openApiKeys(
  config: Pick<Config, 'API_KEYS' | 'API_KEYS_FILE'>,
  deps: KeyDeps,
): Promise<OpenApiKeys> {
  const path = config.API_KEYS_FILE
  const first = path === undefined ? { id: '', keys: [] } : await readKeyFile(path)
  if ('reason' in first) throw new ConfigError([`API_KEYS_FILE: ${first.reason}`])

  const fixed = config.API_KEYS.map((digest, i) => ({ name: `key-${i + 1}`, digest }))
  // Those of the file first: a key that is in both has the name that somebody gave it.
  const keys = new ApiKeys([...first.keys, ...fixed], {
    required: path !== undefined || fixed.length > 0,
  })
  countKeys(keys, deps.metrics)
  if (path === undefined) return { keys, look: async () => {}, close() {} }

  const watch = new Watch(first.id, (found) => {
    const before = keys.names
    keys.replace([...found, ...fixed])
    countKeys(keys, deps.metrics, before)
    deps.log.info({ event: 'api_keys_loaded', keys: keys.size }, 'API keys loaded')
  })
  const look = async () => {
    const { failed, news } = watch.see(await readKeyFile(path))
    if (failed) deps.metrics.apiKeyReloadFailures.inc()
    if (news === undefined) return
    const fields = { reason: news, keys: keys.size }
    deps.log.error({ event: 'api_keys_not_loaded', ...fields }, 'API keys not loaded')
  }
  return { keys, look, close: every(LOOK_MS, look) }
}

/** One look at a file: an id that changes with its content, and its keys or why it has none. */
type Look =
  | { readonly id: string; readonly keys: readonly NamedKey[] }
  | { readonly id: string; readonly reason: string }

/** Decides what a look at the file means. */
class Watch {
  readonly #use: (keys: readonly NamedKey[]) => void
  #used: string
  #seen: string
  /** The reason that was told last; `undefined` while the file is good. */
  #told: string | undefined

  constructor(used: string, use: (keys: readonly NamedKey[]) => void) {
    this.#used = used
    this.#seen = used
    this.#use = use
  }

  /** Uses what has changed. `failed`: the file can't be used; `news`: why, if that is new. */
  see(look: Look): { failed: boolean; news?: string } {
    const { id } = look
    const settled = id === this.#seen
    this.#seen = id
    // It may be half written.
    if (!settled) return { failed: false }
    if ('reason' in look) {
      if (look.reason === this.#told) return { failed: true }
      this.#told = look.reason
      return { failed: true, news: look.reason }
    }
    if (id !== this.#used || this.#told !== undefined) this.#use(look.keys)
    this.#used = id
    this.#told = undefined
    return { failed: false }
  }
}

/**
 * By its content, not by a watcher: a mounted secret changes by a link that moves, two folders away
 * from the file.
 */
async function readKeyFile(path: string): Promise<Look> {
  try {
    const text = await readText(path)
    const keys = parseKeyFile(text)
    if (keys.length === 0) throw new KeyFileError('has no keys')
    return { id: createHash('sha256').update(text).digest('base64'), keys }
  } catch (error) {
    const reason = reasonOf(error)
    return { id: `failed: ${reason}`, reason }
  }
}

async function readText(path: string): Promise<string> {
  // Without waiting, or a named pipe that nobody writes would keep a thread for ever.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw new KeyFileError('is not a file')
    if (stats.size > MAX_BYTES) throw new KeyFileError(`has more than ${MAX_BYTES} bytes`)
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

/** Without the path: the setting names it, and a mistake may have put a key there. */
function reasonOf(error: unknown): string {
  if (error instanceof KeyFileError) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  return `can't be read (${code})`
}

function countKeys(
  keys: ApiKeys,
  { apiKeys, keyTexts, keyRequests }: KeyDeps['metrics'],
  before: ReadonlySet<string> = new Set(),
): void {
  const { names } = keys
  apiKeys.set(keys.size)
  for (const name of names) {
    keyTexts.inc({ key: name }, 0)
    keyRequests.start(name)
  }
  for (const name of before) {
    if (names.has(name)) continue
    keyTexts.remove({ key: name })
    keyRequests.forget(name)
  }
}

/** Does something again and again, never twice at once. Returns what ends it. */
function every(ms: number, act: () => Promise<void>): () => void {
  let ended = false
  const wait = () => {
    if (!ended) setTimeout(() => void act().then(wait, wait), ms).unref()
  }
  wait()
  return () => {
    ended = true
  }
}
