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
