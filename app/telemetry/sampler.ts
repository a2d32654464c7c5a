export interface Sampler {
  /** Whether this event is within the limit. */
  take(): boolean
  /** Events over the limit since the last call; resets the count. */
  skipped(): number
}

/** Takes the first `most` events of each window. */
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
