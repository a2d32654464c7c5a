import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
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
import { readTrees } from '../model/evaluation/trees.ts'
import { readModelInfo } from '../model/model-info.ts'
import { openSession, type Session } from '../model/session.ts'
import type { LongTexts } from '../model/tokenizer/tokenized-text.ts'
import { openLocalModel } from './bulk/local-model.ts'
import { say } from './command.ts'
import {
  type Explaining,
  type Faithfulness,
  faithfulnessLines,
  faithfulnessOf,
} from './faithfulness.ts'

interface EvaluationOptions extends Omit<Targets, 'labels' | 'explanations'> {
  readonly model: string
  readonly longTexts: LongTexts
  readonly neutral: string | undefined
  readonly checks: boolean
  /** A file of trees. */
  readonly explain: string | undefined
}

/** Measures a model on files, and says what it finds. */
export async function runEvaluation(
  files: readonly string[],
  options: EvaluationOptions,
): Promise<void> {
  const model = await readModelInfo(await findModel(options.model))
  const classify = await openSession(model, options.longTexts)

  const sets = new Map<string, readonly Judgement[]>()
  for (const file of files) {
    const judgements = await evaluate(classify, file, model.labels)
    sets.set(basename(file), judgements)
    say(setLine(file, judgements))
  }
  const neutral = options.neutral ? await askNeutral(classify, options.neutral, sets) : []
  const checks = options.checks ? await check(classify) : undefined
  const explanations = options.explain
    ? await checkExplanations(options.explain, options)
    : undefined
  await save({ sets, neutral, checks }, { ...options, explanations, labels: model.labels })
}

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

/** On all cores: a sentence is as many texts as it has words. */
async function checkExplanations(
  file: string,
  options: Pick<EvaluationOptions, 'model' | 'longTexts'>,
): Promise<Faithfulness> {
  const trees = await readTrees(file)
  const model = await openLocalModel(options)
  const explaining: Explaining = {
    explain: async (texts) =>
      (await model.explain(texts)).flatMap(({ explanation }) => explanation ?? []),
    scores: async (texts) =>
      (await model.predict(texts)).map((one) => (typeof one === 'string' ? 0 : one.lastScore)),
  }
  const found = await faithfulnessOf(trees, explaining).finally(() => model.close())
  say(faithfulnessLines(file, found))
  return found
}

interface Targets {
  readonly json: string | undefined
  readonly picture: string | undefined
  readonly labels: readonly string[]
  readonly explanations: Faithfulness | undefined
}

async function save(found: Evaluation, targets: Targets): Promise<void> {
  const { json, picture, labels, explanations } = targets
  const summary = { ...summaryOf(found), explanations }
  if (json) await writeFile(json, `${JSON.stringify(summary, null, 2)}\n`)
  if (!picture) return
  // Drawing is of no use to a server, so its image has not the library for it.
  const { drawEvaluation } = await import('../observability/evaluation-picture.ts')
  await writeFile(picture, drawEvaluation(labels, found))
}
