import { CommandError, say, UsageError } from '../command.ts'
import { defineCommand } from '../define-command.ts'

const TIMEOUT_MS = 10_000

/** `polarity info URL`: what a service says of itself. */
export const info = defineCommand({
  command: 'info <url>',
  describe: 'Show model, limits and version of a service that runs',
  builder: (args) =>
    args.positional('url', {
      type: 'string',
      demandOption: true,
      describe: 'Its address, such as http://localhost:8000',
    }),
  async handler({ url }) {
    const address = URL.canParse(url) ? new URL('/info', url) : undefined
    if (!address) throw new UsageError(`${url} is no address: write http://HOST:PORT`)
    const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
      (cause: Error) => {
        throw new CommandError(`no answer from ${address.origin}: ${reasonOf(cause)}`, { cause })
      },
    )
    if (!response.ok) throw new CommandError(`${address} answers with ${response.status}`)
    say(JSON.stringify(await response.json(), null, 2))
  },
})

/** `fetch` hides the reason in the cause. */
const reasonOf = ({ message, cause }: Error) => (cause instanceof Error ? cause.message : message)
