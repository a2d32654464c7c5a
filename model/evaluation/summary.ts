import type { ChecksResult } from './checks.ts'
import {
  accuracyOf,
  auroc,
  calibrationErrorOf,
  type Judgement,
  SURE,
  shareOf,
  sureErrorsOf,
} from './metrics.ts'

/** All that was measured of a model. */
export interface Evaluation {
  readonly sets: ReadonlyMap<string, readonly Judgement[]>
  /** Scores of texts without an opinion. */
  readonly neutral: readonly (readonly number[])[]
  readonly checks: ChecksResult | undefined
}

const figuresOf = (judgements: readonly Judgement[]) => ({
  rows: judgements.length,
  ...accuracyOf(judgements),
  calibrationError: calibrationErrorOf(judgements),
  auroc: aurocOf(judgements),
  sureErrors: sureErrorsOf(judgements),
})

/** How well the last label's score tells its rows from the others; undefined for more than two labels. */
function aurocOf(judgements: readonly Judgement[]): number | undefined {
  if (judgements.some(({ scores }) => scores.length !== 2)) return undefined
  const of = (wanted: number) =>
    judgements.filter(({ label }) => label === wanted).map(({ scores }) => scores[1] ?? 0)
  const value = auroc(of(1), of(0))
  return Number.isNaN(value) ? undefined : value
}

const neutralFiguresOf = (
  neutral: readonly (readonly number[])[],
  opinions: readonly Judgement[],
) => {
  const confidences = neutral.map((scores) => Math.max(...scores))
  const sure = opinions.map(({ confidence }) => confidence)
  return {
    texts: neutral.length,
    above: shareOf(confidences, (confidence) => confidence > SURE),
    auroc: sure.length > 0 ? auroc(sure, confidences) : undefined,
  }
}

export function setLine(file: string, judgements: readonly Judgement[]): string {
  const { rows, accuracy, standardError, calibrationError, ...rest } = figuresOf(judgements)
  return [
    `${file}: ${rows} rows, accuracy ${accuracy.toFixed(4)} ± ${standardError.toFixed(4)}`,
    `expected calibration error ${calibrationError.toFixed(4)}`,
    ...(rest.auroc === undefined ? [] : [`AUROC ${rest.auroc.toFixed(4)}`]),
    `${percent(rest.sureErrors)} of the errors above ${SURE}`,
  ].join(', ')
}

export function neutralLine(
  file: string,
  neutral: Evaluation['neutral'],
  opinions: readonly Judgement[],
): string {
  const figures = neutralFiguresOf(neutral, opinions)
  const told =
    figures.auroc === undefined ? '' : `, AUROC against opinions ${figures.auroc.toFixed(4)}`
  return `${file}: ${figures.texts} texts, ${percent(figures.above)} above ${SURE}${told}`
}

export function checksLine({ cases, passed, byCapability, spread }: ChecksResult): string {
  const parts = [...byCapability].map(
    ([name, own]) =>
      `  ${name}: ${own.passed} of ${own.cases} (${percent(own.passed / own.cases)})`,
  )
  return [
    `checks: ${passed} of ${cases} passed (${percent(passed / cases)})`,
    ...parts,
    `  groups of people: their mean scores spread over ${spread.toFixed(3)}`,
  ].join('\n')
}

/** For machines, and with the checks that failed. */
export function summaryOf({ sets, neutral, checks }: Evaluation) {
  return {
    sets: Object.fromEntries([...sets].map(([name, judgements]) => [name, figuresOf(judgements)])),
    ...(neutral.length > 0 && { neutral: neutralFiguresOf(neutral, [...sets.values()].flat()) }),
    ...(checks && {
      checks: { ...checks, byCapability: Object.fromEntries(checks.byCapability) },
    }),
  }
}

const percent = (share: number) => `${(share * 100).toFixed(0)} %`
