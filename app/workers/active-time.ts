import type { Clock } from '../clock.ts'

/** Looks at the clock until the time is up. A pause counts as one such slice at most. */
const SLICES = 20

/**
 * Calls `expire` once this process has run for so many milliseconds, and a slice more. Unlike a plain
 * timer it does not expire because the process was stopped meanwhile, or its machine suspended: then
 * other threads have not run either, and what they had said before is not read yet. Returns a
 * function that cancels it.
 */
export function afterActiveTime(milliseconds: number, expire: () => void, now: Clock): () => void {
  const slice = milliseconds / SLICES
  const isUp = countActiveTime(milliseconds, slice, now)
  const timer = setInterval(() => {
    if (!isUp()) return
    clearInterval(timer)
    expire()
  }, slice)
  return () => clearInterval(timer)
}

/**
 * A function to be called every `slice` milliseconds; returns whether the time was up already at the
 * call before. So a call that comes late never is the one that says so first.
 */
export function countActiveTime(milliseconds: number, slice: number, now: Clock): () => boolean {
  let active = 0
  let lookedAt = now()
  return () => {
    const time = now()
    const wasUp = active >= milliseconds
    active += Math.min(time - lookedAt, slice)
    lookedAt = time
    return wasUp
  }
}
