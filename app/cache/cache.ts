import type { TIERS } from '../telemetry/labels.ts'

export type Tier = (typeof TIERS)[number]

/** Values by key. A cache may evict or fail at any time; callers must handle both. */
export interface Cache<Value> {
  readonly tier: Tier
  /** One value per key, in order; `undefined` for a miss. */
  getMany(keys: readonly string[]): Promise<readonly (Value | undefined)[]>
  setMany(entries: ReadonlyMap<string, Value>): Promise<void>
  close(): Promise<void>
}

/** Values in this process, by text: looked up without a promise. May evict at any time. */
export interface NearCache<Value> {
  get(text: string): Value | undefined
  set(text: string, value: Value): void
  /** Its size now, and the evictions since this was asked for last. */
  takeState(): NearCacheState
}

export interface NearCacheState {
  readonly entries: number
  /** Approximate. */
  readonly bytes: number
  readonly evicted: number
}
