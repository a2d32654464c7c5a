import type { Fetch, Http } from './http.ts'

interface Access {
  readonly apiKey?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly fetch?: Fetch | undefined
}

/** Checks all that would make every request fail. Throws a `TypeError`, without the key. */
export function toHttp(address: string | URL, { apiKey, headers, fetch: own }: Access): Http {
  const url = new URL(address)
  if (!/^https?:$/.test(url.protocol)) throw new TypeError('The address must be http: or https:.')
  if (url.username !== '') throw new TypeError('An address can hold no user: send an API key.')
  const all = new Headers(headers)
  if (apiKey !== undefined) {
    requireHeaderValue(apiKey)
    // A gateway may have another use for Authorization.
    if (all.has('authorization')) all.set('x-api-key', apiKey)
    else all.set('authorization', `Bearer ${apiKey}`)
  }
  return {
    // Browsers take their own `fetch` only as a function, not as somebody's method.
    fetch: own ?? ((target, init) => fetch(target, init)),
    base: `${url.origin}${url.pathname.replace(/\/*$/, '/')}`,
    headers: Object.fromEntries(all),
  }
}

function requireHeaderValue(apiKey: string): void {
  if (/^[\x21-\x7e]+$/.test(apiKey)) return
  throw new TypeError('The API key is empty, or holds characters that no header can.')
}
