import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { addClass } from '../model/add-class.ts'
import { findModel } from '../model/catalog.ts'
import { readModelInfo } from '../model/model-info.ts'
import { runCommand, say } from './command.ts'

const HELP = `npm run model:parity -- [ID or FOLDER] [--file FILE]

Adds the scores of this machine's numerics class to a file that model/tools/evaluate.py --parity has
written, and writes the first of its texts into the model's self-test.jsonl. Without an ID:
sst2-minilm, and tests/fixtures/parity.jsonl. Run it once on each kind of CPU.`

const FILE = join(import.meta.dirname, '../tests/fixtures/parity.jsonl')

await runCommand('model:parity', async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      file: { type: 'string', default: FILE },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(HELP)
  const model = await readModelInfo(await findModel(positionals[0] ?? 'sst2-minilm'))
  await addClass(model, { file: values.file, say })
})
