import { parseArgs } from 'node:util'
import { findModel, saveEntry } from '../model/catalog.ts'
import { check } from '../model/check.ts'
import { runCommand, say } from './command.ts'

const HELP = `npm run model:check -- [ID or FOLDER] [--lock]

Verifies every file of a model against the catalog, and runs it once. Without an ID: sst2-minilm.
  --lock  writes the digests of the files into the catalog instead`

await runCommand('model:check', async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      lock: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(HELP)
  const location = await findModel(positionals[0] ?? 'sst2-minilm')
  const { files, digest } = await check(location, { verify: !values.lock, say })
  if (values.lock && location.entry) {
    await saveEntry(location.id, { ...location.entry, files, digest })
    say('Locked in the catalog')
  }
})
