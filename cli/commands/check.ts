import { findModel, saveEntry } from '../../model/catalog.ts'
import { demandCheckout, IN_CHECKOUT } from '../checkout.ts'
import { say } from '../command.ts'
import { defineCommand } from '../define-command.ts'
import { withModel } from '../options.ts'

/** `polarity check MODEL`: whether a model is what the catalog says, and runs. */
export const check = defineCommand({
  command: 'check [model]',
  describe: 'Verify every file of a model against the catalog, and run it once',
  builder: (args) =>
    withModel(args).option('lock', {
      type: 'boolean',
      default: false,
      hidden: !IN_CHECKOUT,
      describe: 'Write the digests of the files into the catalog instead',
    }),
  async handler({ model, lock }) {
    if (lock) demandCheckout('--lock')
    const { check: verify } = await import('../../model/check.ts')
    const location = await findModel(model)
    const { files, digest } = await verify(location, { verify: !lock, say })
    if (!lock || !location.entry) return
    await saveEntry(location.id, { ...location.entry, files, digest })
    say('Locked in the catalog')
  },
})
