import ipaddr from 'ipaddr.js'

export type Address = ipaddr.IPv4 | ipaddr.IPv6

/** An address, and how many of its first bits are the network's. */
export interface Network {
  readonly address: Address
  readonly bits: number
}

/**
 * An address, IPv4 also where it is written as IPv6 (`::ffff:10.0.0.1`); `undefined` if it is none.
 * Octal and shortened IPv4, which programs read in different ways, is none.
 */
export function parseAddress(text: string): Address | undefined {
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)
  return isAddress ? ipaddr.process(text) : undefined
}

/** An address, or a network in CIDR notation other than /0; `undefined` if it is neither. */
export function parseNetwork(text: string): Network | undefined {
  const [, written = '', suffix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const address = parseAddress(written)
  if (!address) return undefined
  const length = address.toByteArray().length * 8
  // Of IPv4 written as IPv6, `::ffff:10.0.0.0/104`, the first 96 bits are no part of the address.
  const mapped = written.includes(':') ? 128 - length : 0
  const bits = suffix === undefined ? length : Number(suffix) - mapped
  return bits >= 1 && bits <= length ? { address, bits } : undefined
}

/** Whether an address is in a network. */
export const isIn = ({ address, bits }: Network, other: Address): boolean =>
  address.kind() === other.kind() && other.match(address, bits)

/** The first `bits` bits of an address, in CIDR notation. */
export function toNetwork(address: Address, bits: number): string {
  const bytes = address.toByteArray().map((byte, i) => (i < bits / 8 ? byte : 0))
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`
}
