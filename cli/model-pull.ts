import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  CATALOG_FILE,
  type CatalogEntry,
  entryOf,
  loadCatalog,
  saveEntry,
} from '../model/catalog.ts'
import { ModelError } from '../model/model-error.ts'
import { pull } from '../model/pull.ts'
import { runCommand, say } from './command.ts'
import { startProgress } from './progress.ts'

const HELP = `npm run model:pull -- ID [--lock | --locked] [--catalog FILE] [--to FOLDER]

Downloads and verifies a model's weights and tokenizer from the hub, to model/pulled/ID.
  --lock     writes the revision and every sha256 into the catalog
  --locked   refuses a model that has not been locked, as builds for production do
  --catalog  another catalog
  --to       another folder
HF_ENDPOINT selects another hub; HF_TOKEN is sent to it.`

await runCommand('model:pull', async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      lock: { type: 'boolean', default: false },
      locked: { type: 'boolean', default: false },
      catalog: { type: 'string', default: CATALOG_FILE },
      to: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(HELP)
  const [id] = positionals
  if (!id) throw new ModelError(`which model?\n\n${HELP}`)

  const entry = entryOf(await loadCatalog(values.catalog), id)
  if (values.locked) refuseUnlocked(id, entry)
  const target = values.to ?? join(import.meta.dirname, '../model/pulled', id)
  const hub = {
    url: process.env.HF_ENDPOINT || 'https://huggingface.co',
    token: process.env.HF_TOKEN || undefined,
    retryMs: 500,
  }
  const { revision, files } = await pull(entry, { target, hub, startProgress, say })
  say(`In place: ${target}`)
  if (values.lock && entry.pull) {
    await saveEntry(
      id,
      { ...entry, revision, pull: { ...entry.pull, locked: files } },
      values.catalog,
    )
    say(`Locked in ${values.catalog}`)
  }
})

/** Throws unless the catalog pins the revision and every file of the model. */
function refuseUnlocked(id: string, { revision, pull }: CatalogEntry): void {
  if (!pull || (revision && pull.locked)) return
  throw new ModelError(
    `${id} is not locked: what the hub has now may be another model than yesterday. ` +
      `npm run model:pull -- ${id} --lock, then commit model/catalog.json`,
  )
}
