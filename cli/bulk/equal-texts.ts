/** Answers that are kept for equal texts, in entries and in bytes. */
export const EQUAL_TEXTS = { maxEntries: 200_000, maxBytes: 67_108_864, ttlSeconds: 1e9 }
