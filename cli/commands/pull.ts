import { join } from 'node:path'
import type { CatalogEntry } from '../../model/catalog.ts'
import { CATALOG_FILE, entryOf, loadCatalog, saveEntry } from '../../model/catalog.ts'
import { ModelError } from '../../model/model-error.ts'
import { say } from '../command.ts'
import { defineCommand } from '../define-command.ts'
import { startProgress } from '../progress.ts'

/** `polarity pull ID`: a model's weights from the hub. */
export const pull = defineCommand({
  command: 'pull <id>',
  describe: "Download and verify a model's weights and tokenizer, to model/pulled/ID",
  builder: (args) =>
    args
      .positional('id', { type: 'string', demandOption: true, describe: 'Model, by its id' })
      .options({
        lock: {
          type: 'boolean',
          default: false,
          describe: 'Write the revision and every SHA-256 into the catalog',
        },
        locked: {
          type: 'boolean',
          default: false,
          describe: 'Refuse a model that is not locked, as builds for production do',
        },
        catalog: { type: 'string', default: CATALOG_FILE, describe: 'Another catalog' },
        to: { type: 'string', describe: 'Another folder' },
      } as const)
      .epilogue('HF_ENDPOINT selects another hub; HF_TOKEN is sent to it.'),
  async handler({ id, lock, locked, catalog, to }) {
    const entry = entryOf(await loadCatalog(catalog), id)
    if (locked) refuseUnlocked(id, entry)
    const target = to ?? join(import.meta.dirname, '../../model/pulled', id)
    const hub = {
      url: process.env.HF_ENDPOINT || 'https://huggingface.co',
      token: process.env.HF_TOKEN || undefined,
      retryMs: 500,
    }
    const { pull: download } = await import('../../model/pull.ts')
    const { revision, files } = await download(entry, { target, hub, startProgress, say })
    say(`In place: ${target}`)
    if (!lock || !entry.pull) return
    await saveEntry(id, { ...entry, revision, pull: { ...entry.pull, locked: files } }, catalog)
    say(`Locked in ${catalog}`)
  },
})

/** Throws unless the catalog pins the revision and every file of the model. */
function refuseUnlocked(id: string, { revision, pull }: CatalogEntry): void {
  if (!pull || (revision && pull.locked)) return
  throw new ModelError(
    `${id} is not locked: what the hub has now may be another model than yesterday. ` +
      `npm run model:pull -- ${id} --lock, then commit model/catalog.json`,
  )
}
