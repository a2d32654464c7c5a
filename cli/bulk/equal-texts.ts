/** Answers that are kept for equal texts, in entries and in bytes. */
export const EQUAL_TEXTS = { maxEntries: 50_000, maxBytes: 16_777_216, ttlSeconds: 1e9 }
