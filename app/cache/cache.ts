/** The tiers that an answer can be remembered in, fastest first. */
export type Tier = 'memory' | 'redis'

/** Where values are remembered by key. A cache may forget or fail at any time; callers must live with both. */
export interface Cache<Value> {
  readonly tier: Tier
  /** One value per key, in order; `undefined` where it is not known. */
  getMany(keys: readonly string[]): Promise<readonly (Value | undefined)[]>
  setMany(entries: ReadonlyMap<string, Value>): Promise<void>
  close(): Promise<void>
}
