/** A remembered value, and the tier that had it. */
export interface Hit {
  readonly value: string
  readonly tier: 'memory' | 'redis'
}

/** Where answers are remembered. A cache may forget or fail at any time; callers must live with both. */
export interface Cache {
  /** The tiers that answer, fastest first. */
  readonly tiers: readonly Hit['tier'][]
  /** One answer per key, in order; `undefined` where it is not known. */
  getMany(keys: readonly string[]): Promise<readonly (Hit | undefined)[]>
  setMany(entries: ReadonlyMap<string, string>): Promise<void>
  close(): Promise<void>
}
