import { parseArgs } from 'node:util'
import { findModel } from '../model/catalog.ts'
import { evaluate } from '../model/evaluate.ts'
import { ModelError } from '../model/model-error.ts'
import { readModelInfo } from '../model/model-info.ts'
import { runCommand, say } from './command.ts'

const HELP = `npm run model:eval -- FILE... [--model ID or FOLDER]

Prints the accuracy of a model on files of "text<TAB>label" lines (a class id or a label's name; a
first line without one is a header), and its expected calibration error over 15 bins.`

await runCommand('model:eval', async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: 'string', default: 'sst2-minilm' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(HELP)
  if (positionals.length === 0) throw new ModelError(`which file?\n\n${HELP}`)
  const model = await readModelInfo(await findModel(values.model))
  for (const file of positionals) {
    const { rows, accuracy, calibrationError } = await evaluate(model, file)
    say(
      `${file}: ${rows} rows, accuracy ${accuracy.toFixed(4)}, ` +
        `expected calibration error ${calibrationError.toFixed(4)}`,
    )
  }
})
