import { say } from '../command.ts'
import { defineCommand } from '../define-command.ts'
import { fetchInfo } from '../service-info.ts'

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
    say(JSON.stringify(await fetchInfo(url), null, 2))
  },
})
