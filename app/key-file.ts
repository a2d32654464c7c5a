/** An API key as it is configured. `digest` is its SHA-256 in lower-case hex. */
export interface NamedKey {
  readonly name: string
  readonly digest: string
}

/** A key file that can't be used. The message says where and why, and quotes nothing of the file. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError'
}

/** Bounds the series in metrics that each name has. */
export const MAX_KEYS = 1000

/** What a key that `npm run key` makes begins with. */
export const KEY_PREFIX = 'plr_'

/** `printf %s "$KEY" | sha256sum` prints it where `KEY` is not set. */
export const DIGEST_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const NAME = /^[a-z0-9][a-z0-9._-]{0,31}$/i
const LINE = /^(\S+)[ \t]+([0-9a-f]{64})(?:[ \t]+#.*)?$/i

/**
 * The keys of a file with a `NAME SHA256HEX` on each line; blank lines and `#` comments are left out.
 * A name on several lines is one caller with several keys. Throws a `KeyFileError`.
 */
export function parseKeyFile(text: string): NamedKey[] {
  const keys: NamedKey[] = []
  const lineOf = new Map<string, number>()
  for (const [index, line] of text.split('\n').entries()) {
    if (isEmpty(line)) continue
    const key = parseLine(line.trim(), index + 1)
    const same = lineOf.get(key.digest)
    if (same) throw new KeyFileError(`line ${index + 1} has the same digest as line ${same}`)
    lineOf.set(key.digest, index + 1)
    keys.push(key)
  }
  if (keys.length > MAX_KEYS) throw new KeyFileError(`has more than ${MAX_KEYS} keys`)
  return keys
}

/** A byte order mark is white space too. */
const isEmpty = (line: string) => /^\s*(#|$)/.test(line)

function parseLine(line: string, number: number): NamedKey {
  const [, name = '', digest = ''] = LINE.exec(line) ?? []
  if (name === '') {
    throw new KeyFileError(`line ${number} is not a name and a SHA-256 digest of 64 hex digits`)
  }
  const reason = whyNoName(name)
  if (reason) throw new KeyFileError(`line ${number}: the name ${reason}`)
  if (digest.toLowerCase() === DIGEST_OF_NOTHING) {
    throw new KeyFileError(`line ${number} has the digest of an empty key`)
  }
  return { name, digest: digest.toLowerCase() }
}

/** Why a key can't have this name, as the end of a sentence; `undefined` if it can. */
export function whyNoName(name: string): string | undefined {
  if (name.startsWith(KEY_PREFIX)) return `must not begin with ${KEY_PREFIX}, as keys do`
  if (/^key-\d+$/i.test(name)) return 'must not be key- and a number, as those of API_KEYS are'
  if (NAME.test(name)) return undefined
  return 'must be 1 to 32 letters, digits, dots, dashes or underscores, and begin with one of the first two'
}
