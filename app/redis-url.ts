import type { RedisOptions } from 'ioredis'

type Name = 'host' | 'port' | 'db' | 'path' | 'sentinels' | 'name' | 'username' | 'password' | 'tls'
type SentinelTls = 'sentinelTLS' | 'enableTLSForSentinelMode'
type Options = Pick<RedisOptions, Name | SentinelTls>
type Access = Pick<RedisOptions, 'username' | 'password' | 'tls'>
type Node = Access & { readonly host: string; readonly port: number }

/** A Redis address as ioredis options. */
type RedisAddress =
  | { readonly type: 'single'; readonly options: Options }
  | { readonly type: 'cluster'; readonly nodes: Node[]; readonly options: Access }

const SCHEME = /^(rediss?(\+sentinel)?:\/\/|unix:\/\/\/)\S/
const SENTINEL = /^(rediss?)\+sentinel:\/\/(?:([^:@/]*):([^@/]*)@)?([^@/]+)\/([^/@]+)$/

const ENCODE =
  'percent-encode special characters in the user and password: "/" as %2F, "@" as %40, ":" as %3A, ' +
  '"," as %2C, "?" as %3F, "#" as %23, "%" as %25'

/**
 * Parses `redis://` and `rediss://` (with user, password and database), a comma-separated list of
 * them for a cluster, `redis+sentinel://host:port,host:port/name` for the primary that sentinels
 * name (`rediss+sentinel://` speaks TLS to both), and `unix:///path`. Throws a `TypeError` for anything else. Its message is safe to print: it
 * quotes no part of the URL, any of which may be part of the password.
 */
export function parseRedisUrl(url: string): RedisAddress {
  if (!SCHEME.test(url))
    throw new TypeError('must start with redis://, rediss://, redis+sentinel:// or unix:///')
  if (url.startsWith('unix:')) return { type: 'single', options: { path: toUrl(url).pathname } }
  if (/^rediss?\+/.test(url)) return { type: 'single', options: toSentinelOptions(url) }

  const [first, ...others] = url.split(',').map((node) => toOptions(node.trim()))
  if (!first) throw invalid('has no host')
  if (others.length === 0) return { type: 'single', options: first }
  const nodes = [first, ...others].map(({ db: _, ...node }) => node)
  const { host: _host, port: _port, db: _db, ...access } = first
  return { type: 'cluster', nodes, options: access }
}

function toOptions(text: string): Node & { readonly db: number } {
  const url = toUrl(text)
  if (!/^rediss?:$/.test(url.protocol))
    throw invalid('each node of a cluster must start with redis:// or rediss://')
  if (!/^\/?\d*$/.test(url.pathname) || url.search || url.hash)
    throw invalid('may have only a database after the port, such as /0')
  return {
    host: toHost(url),
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1)),
    ...toAccess(url.protocol, url.username, url.password),
  }
}

function toSentinelOptions(url: string): Options {
  const parts = SENTINEL.exec(url)
  if (!parts || /\s/.test(url))
    throw invalid('must be redis+sentinel://user:password@host:port,host:port/name')
  const [, scheme = '', username = '', password = '', hosts = '', name = ''] = parts
  const sentinels = hosts.split(',').map((host) => {
    const address = toUrl(`redis://${host}`)
    return { host: toHost(address), port: Number(address.port || 26_379) }
  })
  return {
    ...{ sentinels, name, ...toAccess(`${scheme}:`, username, password) },
    // ioredis ignores `tls` behind sentinels unless it is told so.
    ...(scheme === 'rediss' && { sentinelTLS: {}, enableTLSForSentinelMode: true }),
  }
}

function toUrl(text: string): URL {
  const url = /\s/.test(text) ? null : URL.parse(text)
  if (!url) throw invalid('is not a valid URL: check host and port')
  return url
}

const toHost = (url: URL) => url.hostname.replace(/^\[|\]$/g, '') || 'localhost'

/** User, password and TLS, if present: ioredis treats `undefined` as a value. */
function toAccess(protocol: string, username: string, password: string): Access {
  return {
    ...(username && { username: decode(username) }),
    ...(password && { password: decode(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw invalid('has a "%" that starts no percent-encoding', { cause })
  }
}

function invalid(problem: string, options?: ErrorOptions): TypeError {
  return new TypeError(`${problem}; ${ENCODE}`, options)
}
