/** A model's digest as answers have it: as many hex digits as in cache keys. */
export const toShortDigest = (digest: string): string => digest.slice(0, 16)
