import type { RedisOptions } from 'ioredis'

type Name = 'host' | 'port' | 'db' | 'path' | 'sentinels' | 'name' | 'username' | 'password' | 'tls'
type Options = Pick<RedisOptions, Name>
type Access = Pick<RedisOptions, 'username' | 'password' | 'tls'>

/** Where a Redis is, in ioredis's terms. */
type RedisAddress =
  | { readonly type: 'single'; readonly options: Options }
  | { readonly type: 'cluster'; readonly nodes: string[]; readonly options: Access }

const SENTINEL = /^(rediss?)\+sentinel:\/\/(?:([^:@/]*):([^@/]*)@)?([^@/]+)\/([^/]+)$/

/**
 * Reads `redis://` and `rediss://` (user, password, database as usual), several of them separated
 * by commas for a cluster, `redis+sentinel://host:port,host:port/name` for the primary that
 * sentinels name, and `unix:///path`. Throws a `TypeError` for anything else.
 */
export function parseRedisUrl(url: string): RedisAddress {
  const sentinel = SENTINEL.exec(url)
  if (sentinel) return { type: 'single', options: toSentinelOptions(sentinel) }
  if (url.startsWith('unix:')) return { type: 'single', options: { path: new URL(url).pathname } }

  const nodes = url.split(',').map((node) => node.trim())
  const [first, ...others] = nodes.map((node) => toOptions(node))
  if (!first) throw new TypeError('No URL.')
  if (others.length === 0) return { type: 'single', options: first }
  const { host: _host, port: _port, db: _db, ...access } = first
  return { type: 'cluster', nodes, options: access }
}

function toOptions(text: string): Options {
  const url = new URL(text)
  if (!/^rediss?:$/.test(url.protocol))
    throw new TypeError('Must start with redis:// or rediss://.')
  return {
    host: url.hostname.replace(/^\[|\]$/g, '') || 'localhost',
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || 0),
    ...toAccess(url.protocol, url.username, url.password),
  }
}

function toSentinelOptions(parts: readonly string[]): Options {
  const [, scheme = '', username = '', password = '', hosts = '', name = ''] = parts
  const sentinels = hosts.split(',').map((host) => {
    const { hostname, port } = new URL(`redis://${host}`)
    return { host: hostname, port: Number(port || 26_379) }
  })
  return { sentinels, name, ...toAccess(`${scheme}:`, username, password) }
}

/** User, password and TLS, without what is not given: ioredis takes `undefined` for a value. */
function toAccess(protocol: string, username: string, password: string): Access {
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  }
}
