import { NOT_BLANK } from '../../app/blank.ts'
import { zip } from '../../app/zip.ts'
import { say, UsageError } from '../command.ts'
import { defineCommand } from '../define-command.ts'
import { MODEL_OPTIONS } from '../options.ts'

/** `polarity TEXT...`: one line a text. */
export const predict = defineCommand({
  command: ['$0 [texts..]', 'predict [texts..]'],
  describe: 'Say whether texts are positive or negative',
  builder: (args) =>
    args
      .positional('texts', { type: 'string', array: true, default: [], describe: 'The texts' })
      .options(MODEL_OPTIONS)
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object a line' }),
  async handler({ texts, json, ...options }) {
    if (texts.length === 0) throw new UsageError('which text? `polarity --help` shows all commands')
    const blank = texts.find((text) => !NOT_BLANK.test(text))
    if (blank !== undefined) throw new UsageError('a text is blank')
    const { openLocalModel } = await import('../bulk/local-model.ts')
    const model = await openLocalModel(options)
    const outcomes = await model.predict(texts).finally(() => model.close())
    for (const [text, { label, score }] of zip(texts, outcomes)) {
      say(json ? JSON.stringify({ text, label, score }) : `${label} ${score.toFixed(3)}`)
    }
  },
})
