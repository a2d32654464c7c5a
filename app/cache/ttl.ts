/** Share by which a time to live may be shorter or longer than configured. */
const JITTER = 0.1

/** A time to live with ±10 % jitter, so that keys written together do not expire together. */
export function jittered(ttlSeconds: number, random: () => number = Math.random): number {
  return ttlSeconds * (1 + JITTER * (2 * random() - 1))
}
