import { defineCommand } from '../define-command.ts'

/** `polarity serve`: the service, on the runtime that runs this command. */
export const serve = defineCommand({
  command: 'serve',
  describe: 'Serve HTTP, with the settings of docs/configuration.md from the environment',
  builder: (args) => args,
  async handler() {
    // An entry runs for as long as the service does.
    await (process.versions.bun ? import('../../app/bun.ts') : import('../../app/node.ts'))
  },
})
