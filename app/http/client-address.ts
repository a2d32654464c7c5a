import type { Context } from 'hono'
import { LRUCache } from 'lru-cache'
import { type Address, isIn, type Network, parseAddress, toNetwork } from '../ip-address.ts'
import type { RequestEnv } from './request-env.ts'

/** What tells callers without keys from each other. */
export type ClientAddress = (c: Context<RequestEnv>) => string

/** An IPv6 network that is one customer's: within it addresses can be had by the billion. */
const IPV6_PREFIX = 64

/** Addresses that are not parsed again with each of their requests. */
const KEPT_IDENTITIES = 1000

/**
 * The client's address: that of the connection, or if that is a trusted proxy, the last hop of
 * `X-Forwarded-For` that is not one. IPv6 addresses count by their /64. What stands left of the
 * first untrusted hop is the client's own word, and is not read.
 */
export function clientAddress(trusted: readonly Network[]): ClientAddress {
  const isTrusted = (address: Address) => trusted.some((network) => isIn(network, address))

  /** Hops are read from the last one, which the proxy before us wrote, back to the client. */
  const clientBehind = (proxy: Address, hops: string[]): Address => {
    let client = proxy
    while (isTrusted(client)) {
      const hop = parseAddress(withoutPort(hops.pop()?.trim() ?? ''))
      if (!hop) break
      client = hop
    }
    return client
  }

  const identities = new LRUCache<string, string>({ max: KEPT_IDENTITIES })
  const identityOf = (connected: string) => {
    const known = identities.get(connected)
    if (known) return known
    const address = parseAddress(connected)
    const identity = address ? toIdentity(address) : connected
    identities.set(connected, identity)
    return identity
  }

  return (c) => {
    const connected = c.env?.remoteAddress?.() ?? 'unknown'
    if (trusted.length === 0) return identityOf(connected)
    const address = parseAddress(connected)
    if (!address) return connected
    const hops = c.req.header('x-forwarded-for') ?? ''
    return toIdentity(clientBehind(address, hops.split(',')))
  }
}

/** Some proxies write `1.2.3.4:5678` or `[2001:db8::1]:5678`. */
const withoutPort = (hop: string) =>
  hop.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1')

const toIdentity = (address: Address) =>
  address.kind() === 'ipv4' ? address.toString() : toNetwork(address, IPV6_PREFIX)
