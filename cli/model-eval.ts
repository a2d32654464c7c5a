import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { findModel } from '../model/catalog.ts'
import { type ChecksResult, loadChecks, runChecks } from '../model/evaluation/checks.ts'
import { evaluate, readTexts, scoresOf } from '../model/evaluation/evaluate.ts'
import type { Judgement } from '../model/evaluation/metrics.ts'
import {
  checksLine,
  type Evaluation,
  neutralLine,
  setLine,
  summaryOf,
} from '../model/evaluation/summary.ts'
import { ModelError } from '../model/model-error.ts'
import { readModelInfo } from '../model/model-info.ts'
import { openSession, type Session } from '../model/session.ts'
import { runCommand, say } from './command.ts'

const HELP = `npm run model:eval -- FILE... [options]

Measures a model on files of "text<TAB>label" lines (a class id or a label's name; a first line
without one is a header): accuracy with its standard error, expected calibration error over 15 bins,
area under the ROC curve, and how many of the errors have a score above 0.9.

  --model ID or FOLDER    sst2-minilm
  --neutral FILE          texts without an opinion, one a line: how many get a score above 0.9, and how
                          well the score tells them from those of the files
  --checks                428 short texts by capability, and what names of groups of people change
  --long-texts window     read them as LONG_TEXTS=window does
  --json FILE             all figures, and the checks that failed
  --picture FILE          reliability diagram and histograms of the scores, as SVG`

const options = {
  model: { type: 'string', default: 'sst2-minilm' },
  neutral: { type: 'string' },
  checks: { type: 'boolean', default: false },
  'long-texts': { type: 'string', default: 'truncate' },
  json: { type: 'string' },
  picture: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

await runCommand('model:eval', async () => {
  const { positionals: files, values } = parseArgs({ allowPositionals: true, options })
  if (values.help) return say(HELP)
  if (files.length === 0 && !values.checks) throw new ModelError(`which file?\n\n${HELP}`)
  const model = await readModelInfo(await findModel(values.model))
  const classify = await openSession(model, longTextsOf(values['long-texts']))

  const sets = new Map<string, readonly Judgement[]>()
  for (const file of files) {
    const judgements = await evaluate(classify, file, model.labels)
    sets.set(basename(file), judgements)
    say(setLine(file, judgements))
  }
  const neutral = values.neutral ? await askNeutral(classify, values.neutral, sets) : []
  const checks = values.checks ? await check(classify) : undefined
  await save({ sets, neutral, checks }, { ...values, labels: model.labels })
})

async function askNeutral(classify: Session, file: string, sets: Evaluation['sets']) {
  const neutral = await scoresOf(classify, await readTexts(file))
  say(neutralLine(file, neutral, [...sets.values()].flat()))
  return neutral
}

async function check(classify: Session): Promise<ChecksResult> {
  const lastScores = async (texts: readonly string[]) =>
    (await scoresOf(classify, texts)).map((scores) => scores.at(-1) ?? Number.NaN)
  const result = await runChecks(await loadChecks(), lastScores)
  say(checksLine(result))
  return result
}

interface Targets {
  readonly json?: string | undefined
  readonly picture?: string | undefined
  readonly labels: readonly string[]
}

async function save(found: Evaluation, { json, picture, labels }: Targets): Promise<void> {
  if (json) await writeFile(json, `${JSON.stringify(summaryOf(found), null, 2)}\n`)
  if (!picture) return
  // Drawing is of no use to a server, so its image has not the library for it.
  const { drawEvaluation } = await import('../observability/evaluation-picture.ts')
  await writeFile(picture, drawEvaluation(labels, found))
}

function longTextsOf(name: string) {
  if (name === 'truncate' || name === 'window') return name
  throw new ModelError('--long-texts is truncate or window')
}
