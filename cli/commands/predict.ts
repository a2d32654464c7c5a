import { NOT_BLANK } from '../../app/blank.ts'
import { zip } from '../../app/zip.ts'
import { openPredictor } from '../bulk/open-predictor.ts'
import type { Outcome } from '../bulk/outcome.ts'
import type { ExplainedOutcome } from '../bulk/predictor.ts'
import { CommandError, say, UsageError } from '../command.ts'
import { defineCommand } from '../define-command.ts'
import { hint } from '../hint.ts'
import { markedWords, painted } from '../marked-words.ts'
import { MODEL_OPTIONS, SERVICE_OPTIONS } from '../options.ts'

/** `polarity TEXT...`: one line a text. */
export const predict = defineCommand({
  command: ['$0 [texts..]', 'predict [texts..]'],
  describe: 'Say whether texts are positive or negative',
  builder: (args) =>
    args
      .positional('texts', { type: 'string', array: true, default: [], describe: 'The texts' })
      .options(MODEL_OPTIONS)
      .options(SERVICE_OPTIONS)
      .options({
        explain: {
          type: 'boolean',
          default: false,
          describe:
            'Mark the words that push the score of the last label up (+) and down (-): by one, two or three signs from 20, 50 and 80 % of the largest push on',
        },
        json: { type: 'boolean', default: false, describe: 'One JSON object a line' },
      }),
  async handler({ texts, json, explain, ...options }) {
    if (texts.length === 0) throw new UsageError('which text? `polarity --help` shows all commands')
    const blank = texts.find((text) => !NOT_BLANK.test(text))
    if (blank !== undefined) throw new UsageError('a text is blank')
    hint(texts)
    const model = await openPredictor(options)
    const asked = explain ? model.explain(texts) : model.predict(texts)
    const outcomes = await asked.finally(() => model.close())
    for (const [text, outcome] of zip(texts, outcomes)) {
      if (typeof outcome === 'string') throw new CommandError(`${JSON.stringify(text)}: ${outcome}`)
      say(json ? toJson(text, outcome) : toLine(text, outcome))
    }
  },
})

type Said = Outcome | ExplainedOutcome

const explanationOf = (outcome: Said) =>
  'explanation' in outcome ? outcome.explanation : undefined

const toJson = (text: string, outcome: Said) =>
  JSON.stringify({
    text,
    label: outcome.label,
    score: outcome.score,
    explanation: explanationOf(outcome),
  })

function toLine(text: string, outcome: Said): string {
  const explanation = explanationOf(outcome)
  const line = `${outcome.label} ${outcome.score.toFixed(3)}`
  return explanation ? `${line} ${markedWords(text, explanation, painted)}` : line
}
