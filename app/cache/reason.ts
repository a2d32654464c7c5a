/** Messages of the Redis client, in plain words. */
const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/^Stream isn't writeable/, 'Redis is not connected'],
  [/^Connection is closed/, 'the connection to Redis is closed'],
  [/^Command timed out|^Socket timeout/, 'Redis does not answer'],
  [/^Failed to refresh slots cache|^None of startup nodes/, 'no node of the Redis cluster answers'],
  [/^All sentinels are unreachable/, 'no sentinel answers'],
]

/** Why a cache failed, in one line for the log: no stack, and no command, which holds keys or a password. */
export function reasonOf(error: unknown): string {
  // For a host with several addresses, each attempt has its own error, and the aggregate no message.
  const one = error instanceof AggregateError ? error.errors[0] : error
  if (!(one instanceof Error)) return String(one)
  const plain = PLAIN.find(([words]) => words.test(one.message))
  if (plain) return plain[1]
  const message = one.message.replace(/,? command was: .*$/s, '').replace(/\s+/g, ' ')
  return one.cause === undefined ? message : `${message}: ${reasonOf(one.cause)}`
}
