import { createHash, randomBytes } from 'node:crypto'
import type { NamedKey } from './key-file.ts'

/** The API keys that callers may use now. */
export class ApiKeys {
  /** Whether callers need one: it stays as it was at start, whatever becomes of the keys. */
  readonly required: boolean
  readonly #secret = randomBytes(32)
  #nameByTag: ReadonlyMap<string, string> = new Map()

  constructor(keys: readonly NamedKey[], { required } = { required: keys.length > 0 }) {
    this.required = required
    this.replace(keys)
  }

  get size(): number {
    return this.#nameByTag.size
  }

  get names(): ReadonlySet<string> {
    return new Set(this.#nameByTag.values())
  }

  /** Puts these keys in place of all others. Of two with the same digest the first one counts. */
  replace(keys: readonly NamedKey[]): void {
    this.#nameByTag = new Map(
      keys.toReversed().map(({ name, digest }) => [this.#tag(digest), name]),
    )
  }

  /** The name of a key that a caller sent; `undefined` if it is unknown. */
  nameOf(key: string): string | undefined {
    return this.#nameByTag.get(this.#tag(createHash('sha256').update(key).digest('hex')))
  }

  /**
   * What is looked up in place of a digest: the hash of a secret of this process with it. No caller
   * can tell or choose a single bit of it, so the time of a look-up says nothing.
   */
  #tag(digest: string): string {
    return createHash('sha256').update(this.#secret).update(digest).digest('base64')
  }
}
