import { defineCommand } from '../define-command.ts'

const EPILOGUE = `Those that matter most, by environment, as in \`PORT=3000 polarity serve\`:
PORT, INTERNAL_PORT (8000, 9464; metrics and probes), HOST, WORKERS (threads that infer), MODEL,
REDIS_URL (a cache that replicas share), API_KEYS_FILE (see \`polarity key\`). All: docs/configuration.md`

/** `polarity serve`: the service, on the runtime that runs this command. */
export const serve = defineCommand({
  command: 'serve',
  describe: 'Serve HTTP, with settings from the environment',
  builder: (args) => args.epilogue(EPILOGUE),
  async handler() {
    // An entry runs for as long as the service does.
    await (process.versions.bun ? import('../../app/bun.ts') : import('../../app/node.ts'))
  },
})
