export interface Sampler {
  /** Whether this event is among those to be told of. */
  take(): boolean
  /** How many were left out since this was last asked. */
  skipped(): number
}

/** Lets the first `most` events of each window through. */
export function createSampler(
  most: number,
  windowMs = 1000,
  now = () => performance.now(),
): Sampler {
  let window = Number.NEGATIVE_INFINITY
  let taken = 0
  let skipped = 0

  return {
    take() {
      const current = Math.floor(now() / windowMs)
      if (current !== window) taken = 0
      window = current
      if (taken < most) return Boolean(++taken)
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
