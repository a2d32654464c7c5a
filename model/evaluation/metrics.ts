/** What a model said of one text, and whether it is right. */
export interface Judgement {
  /** Softmax, in class-id order. */
  readonly scores: readonly number[]
  /** The winning score. */
  readonly confidence: number
  readonly label: number
  readonly correct: boolean
}

const BINS = 15
/** Above this an answer reads as certain. */
export const SURE = 0.9

export function judge(scores: readonly number[], label: number): Judgement {
  const confidence = Math.max(...scores)
  return { scores, confidence, label, correct: scores.indexOf(confidence) === label }
}

/** The share of right answers, and its standard error: that of a binomial proportion. */
export function accuracyOf(judgements: readonly Judgement[]) {
  const accuracy = shareOf(judgements, ({ correct }) => correct)
  return { accuracy, standardError: Math.sqrt((accuracy * (1 - accuracy)) / judgements.length) }
}

/** One bin of confidence: how sure the model was on average there, and how often it was right. */
export interface Bin {
  readonly count: number
  readonly confidence: number
  readonly accuracy: number
}

/** Bins of equal width from 0 to 1, without those that are empty. */
export function binsOf(judgements: readonly Judgement[]): Bin[] {
  const bins = Map.groupBy(judgements, ({ confidence }) =>
    Math.min(BINS - 1, Math.floor(confidence * BINS)),
  )
  return [...bins]
    .sort(([a], [b]) => a - b)
    .map(([, inBin]) => ({
      count: inBin.length,
      confidence: inBin.reduce((sum, { confidence }) => sum + confidence, 0) / inBin.length,
      accuracy: shareOf(inBin, ({ correct }) => correct),
    }))
}

/**
 * Expected calibration error: the mean gap between confidence and accuracy, weighted by rows per bin
 * (Guo et al. 2017, eq. 3).
 */
export function calibrationErrorOf(judgements: readonly Judgement[]): number {
  const gaps = binsOf(judgements).map((bin) => bin.count * Math.abs(bin.accuracy - bin.confidence))
  return gaps.reduce((sum, gap) => sum + gap, 0) / judgements.length
}

/** How many of the errors are made with a score above 0.9; 0 without errors. */
export const sureErrorsOf = (judgements: readonly Judgement[]): number =>
  shareOf(
    judgements.filter(({ correct }) => !correct),
    ({ confidence }) => confidence > SURE,
  )

/**
 * Area under the ROC curve: how often a value of `higher` is above one of `lower`, where equal ones
 * count half (Mann-Whitney U over its largest value). `NaN` if one is empty.
 */
export function auroc(higher: readonly number[], lower: readonly number[]): number {
  const values = [
    ...higher.map((value) => ({ value, high: true })),
    ...lower.map((value) => ({ value, high: false })),
  ].sort((a, b) => a.value - b.value)
  let [wins, lowerBelow] = [0, 0]
  for (const equal of Map.groupBy(values, ({ value }) => value).values()) {
    const highs = equal.filter(({ high }) => high).length
    const lows = equal.length - highs
    wins += highs * (lowerBelow + lows / 2)
    lowerBelow += lows
  }
  return wins / higher.length / lower.length
}

export const shareOf = <T>(all: readonly T[], is: (one: T) => boolean): number =>
  all.length === 0 ? 0 : all.filter(is).length / all.length
