import { join } from 'node:path'
import { findModel } from '../../model/catalog.ts'
import { readModelInfo } from '../../model/model-info.ts'
import { say } from '../command.ts'
import { defineCommand } from '../define-command.ts'
import { withModel } from '../options.ts'

const FILE = join(import.meta.dirname, '../../tests/fixtures/parity.jsonl')

/** `polarity parity MODEL`: the scores of one more kind of CPU. */
export const parity = defineCommand({
  command: 'parity [model]',
  describe:
    "Add the scores of this machine's numerics class to a file that model/tools/evaluate.py --parity has written, and write the first of its texts into the model's self-test.jsonl. Run it once on each kind of CPU",
  builder: (args) =>
    withModel(args).option('file', {
      type: 'string',
      default: FILE,
      defaultDescription: 'tests/fixtures/parity.jsonl',
      describe: 'The file',
    }),
  async handler({ model, file }) {
    const { addClass } = await import('../../model/add-class.ts')
    await addClass(await readModelInfo(await findModel(model)), { file, say })
  },
})
