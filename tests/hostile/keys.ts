import { createHash } from 'node:crypto'

/** An API key as `API_KEYS` has it. */
export const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex')
