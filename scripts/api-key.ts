import { readFileSync } from 'node:fs'

/** The variable of a caller's key. */
export const KEY_VARIABLE = 'POLARITY_API_KEY'

/**
 * A caller's API key: what a file holds, else the variable; undefined if there is neither. Never an
 * argument, which every process of the machine can read. Throws without showing it if it can't be one.
 */
export function readApiKey(file: string | undefined): string | undefined {
  const key = (file === undefined ? process.env[KEY_VARIABLE] : readFileSync(file, 'utf8'))?.trim()
  if (file === undefined && !key) return undefined
  // Else `fetch` would refuse the header, and show it.
  if (!key || !/^[!-~]+$/.test(key)) throw new Error(`${file ?? KEY_VARIABLE} holds no API key`)
  return key
}
