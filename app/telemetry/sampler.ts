export interface Sampler {
  /** Whether this event is among those to be told of. */
  take(): boolean
  /** How many were left out since this was last asked. */
  skipped(): number
}

/** Lets the first so many events of each second through. */
export function createSampler(perSecond: number, now = () => performance.now()): Sampler {
  let second = Number.NEGATIVE_INFINITY
  let taken = 0
  let skipped = 0

  return {
    take() {
      const current = Math.floor(now() / 1000)
      if (current !== second) taken = 0
      second = current
      if (taken < perSecond) return Boolean(++taken)
      skipped++
      return false
    },
    skipped() {
      const count = skipped
      skipped = 0
      return count
    },
  }
}
